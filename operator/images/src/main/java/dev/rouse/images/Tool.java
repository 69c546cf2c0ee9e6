package dev.rouse.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program that is run to its end. */
final class Tool {

  private Tool() {}

  /**
   * Runs it.
   *
   * @throws IOException with what it said, if it fails
   */
  static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          "%s failed with exit code %d:%n%s"
              .formatted(command.getFirst(), process.exitValue(), said.strip()));
    }
  }
}
