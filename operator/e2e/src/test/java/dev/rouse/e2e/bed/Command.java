package dev.rouse.e2e.bed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command of this machine, run to its end.
 *
 * @param environment beside that of this process
 * @param input its standard input
 * @param longest after which it is killed
 */
public record Command(
    List<String> words, Map<String, String> environment, String input, Duration longest) {

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  public static Command of(String... words) {
    return of(List.of(words));
  }

  public static Command of(List<String> words) {
    return new Command(words, Map.of(), "", Duration.ofSeconds(60));
  }

  public Command reading(String text) {
    return new Command(words, environment, text, longest);
  }

  public Command within(Duration duration) {
    return new Command(words, environment, input, duration);
  }

  public Command with(Map<String, String> variables) {
    return new Command(words, variables, input, longest);
  }

  /**
   * How a command ended.
   *
   * @param output both streams
   */
  public record Result(int exit, String output) {

    public boolean isSuccess() {
      return exit == 0;
    }
  }

  /**
   * Runs it and expects it to succeed.
   *
   * @return what it said
   * @throws IOException with all that it said, if it fails
   */
  public String run() throws IOException, InterruptedException {
    Result result = tryRun();
    if (!result.isSuccess()) {
      throw new IOException(
          "%s ended with %d: %s"
              .formatted(String.join(" ", words), result.exit(), result.output().strip()));
    }
    return result.output();
  }

  /** Runs it, however it ends. */
  public Result tryRun() throws IOException, InterruptedException {
    Path stdin = Files.createTempFile("rouse-e2e", ".in");
    Path stdout = Files.createTempFile("rouse-e2e", ".out");
    try {
      Files.writeString(stdin, input);
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(stdin.toFile())
              .redirectOutput(stdout.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IOException(
            "%s does not end within %d s: %s"
                .formatted(String.join(" ", words), longest.toSeconds(), text(stdout)));
      }
      return new Result(process.exitValue(), text(stdout));
    } finally {
      Files.delete(stdin);
      Files.delete(stdout);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
