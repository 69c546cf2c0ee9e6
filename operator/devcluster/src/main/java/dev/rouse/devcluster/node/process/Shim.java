package dev.rouse.devcluster.node.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The small shell between the node and a container's main process. It is in a session of its own,
 * so it survives the node, and writes down the exit code when the main process ends.
 *
 * <p>The shell itself stays outside the PID namespace and forks exactly once: its one child is the
 * namespace's first process, so its exit status, death by a signal included, reaches the shell
 * unchanged. (With {@code unshare --fork} in between, a SIGKILL came out as exit code 1.)
 *
 * <p>No program is looked up on the container's PATH. Field 22 of {@code /proc/self/stat} is the
 * start time. The main process learns its number on the host through descriptor 9, opened on the
 * host's {@code /proc} before the namespace's own one hides it.
 */
final class Shim {

  private static final String OUTER =
      """
      dir=$1; shift
      exec 9</proc
      read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ </proc/self/stat
      echo "$pid $start" >"$dir/shim"
      trap : TERM INT HUP
      "$@"
      echo "$?" >"$dir/exit"
      """;

  private static final String INNER =
      """
      exec </dev/null >>"$1/log" 2>&1
      read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ </proc/self/fd/9/self/stat
      echo "$pid" >"$1/../pid"
      echo "$pid $start" >"$1/main"
      if [ -n "$2" ]; then "$2" -t proc proc /proc || exit 126; fi
      shift 2
      exec 9<&-
      exec "$@"
      """;

  /** By its full path: the container's PATH need not lead to it. */
  private static final String SHELL = "/bin/sh";

  private Shim() {}

  static Process start(
      AttemptDirectory directory, Launch launch, ContainerMark mark, Isolation isolation)
      throws IOException {
    Files.createDirectories(directory.path());
    Path files = directory.path().toAbsolutePath();
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(isolation.wrapper());
    command.addAll(List.of(SHELL, "-c", OUTER, "rouse-shim", files.toString()));
    command.addAll(List.of(SHELL, "-c", INNER, "rouse-main", files.toString()));
    command.add(isolation.mountProgram());
    ProcessBuilder builder = new ProcessBuilder();
    Map<String, String> environment = builder.environment();
    environment.clear();
    command.addAll(setOrPass(launch.environment(), environment));
    environment.putAll(mark.entries());
    command.addAll(launch.command());
    builder
        .command(command)
        .directory(launch.workingDirectory().toFile())
        .redirectErrorStream(true)
        .redirectOutput(Redirect.DISCARD)
        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
    return builder.start();
  }

  /** A shell passes on only variables it could name itself; the others go through env(1). */
  private static List<String> setOrPass(Map<String, String> wanted, Map<String, String> target) {
    List<String> words = new ArrayList<>();
    wanted.forEach((name, value) -> {
      if (name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        target.put(name, value);
      } else {
        words.add(name + "=" + value);
      }
    });
    if (!words.isEmpty()) {
      words.addFirst("/usr/bin/env");
    }
    return words;
  }
}
