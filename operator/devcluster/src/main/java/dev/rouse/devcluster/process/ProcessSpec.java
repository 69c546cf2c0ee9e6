package dev.rouse.devcluster.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program to run as a child of the launcher.
 *
 * @param name what people call it; one word, also the name of its log file
 * @param command the program and its arguments
 * @param environment its environment beside the mark of the run and what every program needs
 * @param run the run it belongs to
 * @param grace how long it may take to end once it is asked to, before it is killed
 */
public record ProcessSpec(
    String name, List<String> command, Map<String, String> environment, Run run, Duration grace) {

  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** A program without environment of its own that may take a second to end. */
  public ProcessSpec(String name, List<String> command, Run run) {
    this(name, command, Map.of(), run, Duration.ofSeconds(1));
  }

  /** Where both of its outputs go, appended. */
  public Path log() {
    return run.logs().resolve(name + ".log");
  }

  /**
   * The whole environment of the process. Nothing is inherited but what a program needs to run at
   * all, so neither a kubeconfig nor a model key of the user reaches it by accident; HOME is the
   * run directory, so neither does what lies below the real one.
   */
  Map<String, String> fullEnvironment(Map<String, String> inherited) {
    Map<String, String> full = new LinkedHashMap<>();
    for (String kept : List.of("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME")) {
      String value = inherited.get(kept);
      if (value != null) {
        full.put(kept, value);
      }
    }
    full.put("HOME", run.directory().toString());
    full.putAll(environment);
    full.put(Run.MARK, run.mark());
    return full;
  }
}
