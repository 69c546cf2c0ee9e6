package dev.rouse.devcluster.demo;

import dev.rouse.devcluster.process.Lifeline;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands as a person at a terminal would, and shows what they would have typed.
 *
 * @param directory in which they run
 * @param environment beside the launcher's own, without which they would reach for the user's
 *     cluster
 */
record Commands(Path directory, Map<String, String> environment, PrintStream out) {

  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** Shows {@code typed}, runs {@code command} and shows its output. */
  void show(String typed, List<String> command) throws IOException, InterruptedException {
    out.println("$ " + typed);
    String output = run(command);
    output.lines().forEach(line -> out.println("  " + line));
    out.println();
    out.flush();
  }

  /**
   * The output of a command, both streams.
   *
   * @throws DemoFailedException when it fails or takes more than a minute
   */
  String run(List<String> command) throws IOException, InterruptedException {
    Process process = builder(command).redirectErrorStream(true).start();
    byte[] output;
    try (var in = process.getInputStream()) {
      process.getOutputStream().close();
      output = in.readAllBytes();
    }
    if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new DemoFailedException(String.join(" ", command) + " took more than a minute");
    }
    String text = new String(output, StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new DemoFailedException(
          "%s failed with exit code %d:%n%s"
              .formatted(String.join(" ", command), process.exitValue(), text));
    }
    return text;
  }

  /**
   * Starts a command that writes to this terminal. The caller ends it, and closes its standard
   * input: the lifeline that ends it should this process be killed.
   */
  Process start(List<String> command) throws IOException {
    return builder(Lifeline.command(command, GRACE))
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command)).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("KUBE"));
    builder.environment().putAll(environment);
    return builder;
  }
}
