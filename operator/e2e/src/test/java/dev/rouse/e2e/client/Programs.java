package dev.rouse.e2e.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs as a person at a terminal would.
 *
 * @param directory in which they run
 * @param environment beside that of this process
 */
record Programs(Path directory, Map<String, String> environment) {

  private static final Duration LONGEST = Duration.ofMinutes(4);

  /**
   * How a program ended.
   *
   * @param output both streams
   */
  record Result(int exit, String output) {

    boolean isFine() {
      return exit == 0;
    }
  }

  /** Runs bash on a script that ends at the first failure, and ends what it left running. */
  Result bash(String script) {
    return run(List.of("bash", "-c", "set -euo pipefail\n" + script));
  }

  /** Runs a command to its end. What it left behind is ended with it. */
  Result run(List<String> command) {
    try {
      Path output = Files.createTempFile("program", ".out");
      try {
        return run(command, output);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Result run(List<String> command, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            // A file, not a pipe: what a program leaves running may hold a pipe open.
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(Programs::leadsElsewhere);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(
            "%s does not end; so far:%n%s"
                .formatted(String.join(" ", command), Files.readString(output)));
      }
      return new Result(process.exitValue(), Files.readString(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while " + command.getFirst() + " ran", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** The cluster, server and keys of whoever runs the tests are none of theirs. */
  private static boolean leadsElsewhere(String variable) {
    return variable.startsWith("KUBE")
        || variable.startsWith("ROUSE_")
        || variable.startsWith("ANTHROPIC_");
  }
}
