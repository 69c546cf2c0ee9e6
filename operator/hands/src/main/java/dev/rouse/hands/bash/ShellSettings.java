package dev.rouse.hands.bash;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How a shell is started.
 *
 * @param command the program and its arguments
 * @param directory where it begins
 * @param environment all of it
 */
record ShellSettings(List<String> command, Path directory, Map<String, String> environment) {

  /** By this variable what a shell started is found again, wherever it went. */
  static final String MARK = "HANDS_SHELL";

  /** Ours and the model provider's are no business of tools. */
  private static final Set<String> HIDDEN = Set.of("ROUSE_", "ANTHROPIC_");

  /**
   * Marks by which a node that has no PID namespaces finds what a pod left behind: a tool must not
   * lose them, and they say nothing that a tool could use.
   */
  private static final Set<String> MARKS = Set.of("ROUSE_POD", "ROUSE_CONTAINER", "ROUSE_RUN");

  ShellSettings {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Settings for a shell that begins in {@code directory}, from our own environment. */
  static ShellSettings in(Path directory, Map<String, String> inherited) {
    return new ShellSettings(
        command(inherited.getOrDefault("PATH", "")), directory, visible(directory, inherited));
  }

  /**
   * A session of its own where the system can make one: then a signal to "my process group" ends
   * the tools and not us, and nothing can ask at a terminal.
   */
  private static List<String> command(String path) {
    List<String> bash = List.of("/bin/bash", "--noprofile", "--norc");
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(path)
        .map(directory -> Path.of(directory, "setsid"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(setsid -> List.of(setsid.toString(), bash.get(0), bash.get(1), bash.get(2)))
        .orElse(bash);
  }

  private static Map<String, String> visible(Path directory, Map<String, String> inherited) {
    Map<String, String> visible = new TreeMap<>(inherited);
    visible
        .keySet()
        .removeIf(name -> HIDDEN.stream().anyMatch(name::startsWith) && !MARKS.contains(name));
    visible.putIfAbsent("HOME", directory.toString());
    return visible;
  }
}
