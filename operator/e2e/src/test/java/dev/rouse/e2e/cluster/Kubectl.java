package dev.rouse.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real kubectl, as a person with all rights. */
public record Kubectl(Path program, Path kubeconfig) {

  private static final long LONGEST_SECONDS = 60;

  /**
   * How a command ended.
   *
   * @param output both streams
   */
  public record Result(int exit, String output) {}

  /** Runs a command and expects it to succeed. */
  public String run(String... arguments) {
    Result result = tryRun("", arguments);
    if (result.exit() != 0) {
      throw new AssertionError(
          "kubectl %s: exit code %d%n%s"
              .formatted(String.join(" ", arguments), result.exit(), result.output()));
    }
    return result.output();
  }

  /** Applies a YAML text and expects it to be taken. */
  public String apply(String yaml, String... arguments) {
    List<String> all = new ArrayList<>(List.of("apply", "-f", "-"));
    all.addAll(List.of(arguments));
    Result result = tryRun(yaml, all.toArray(String[]::new));
    if (result.exit() != 0) {
      throw new AssertionError("kubectl apply was refused: " + result.output());
    }
    return result.output();
  }

  /** Runs a command with {@code input} as its standard input. */
  public Result tryRun(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    try {
      Path stdin = Files.createTempFile("kubectl", ".yaml");
      try {
        Files.writeString(stdin, input);
        Process process = builder.redirectInput(stdin.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("kubectl " + String.join(" ", arguments) + " does not end");
        }
        return new Result(process.exitValue(), output);
      } finally {
        Files.delete(stdin);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while kubectl ran", e);
    }
  }
}
