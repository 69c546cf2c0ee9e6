package dev.rouse.devcluster.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * A program that is given an ahead-of-time cache.
 *
 * @param module the directory below {@code operator/}, by which the dev cluster knows it
 * @param cache where the cache is
 * @param start the command that starts it; a cache holds only for the same
 */
public record Trainee(String module, Path cache, Start start) {

  /** The command that starts a program. */
  @FunctionalInterface
  public interface Start {

    /**
     * Returns it.
     *
     * @param flags for the JVM, beside its own
     * @throws IOException if the program is not built
     */
    List<String> command(List<String> flags, List<String> arguments) throws IOException;
  }

  /** What cannot be recorded is listed otherwise, class by class. */
  private static final String QUIET = "-Xlog:aot=off";

  /** The command that starts it for a run that is recorded: at its end it says what it loaded. */
  List<String> recorded(List<String> arguments) throws IOException {
    return start.command(
        List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recording(), QUIET), arguments);
  }

  /** Forgets a run that was recorded, and never led to a cache. */
  void forget() throws IOException {
    Files.deleteIfExists(recording());
  }

  /**
   * Makes the cache of the run that was recorded. It appears whole, and taken by the JVM, or not at
   * all.
   */
  void makeCache() throws IOException, InterruptedException {
    // Empty, where it was killed as it began to write.
    if (!Files.exists(recording()) || Files.size(recording()) == 0) {
      throw new IOException(
          "%s did not write down what it had loaded; on a very busy machine it may have been killed"
                  .formatted(module)
              + " before: try again");
    }
    Trainee unfinished = new Trainee(module, beside("unfinished"), start);
    Files.deleteIfExists(unfinished.cache);
    Optional<String> failure =
        failure(
            start.command(
                List.of(
                    "-XX:AOTMode=create",
                    "-XX:AOTConfiguration=" + recording(),
                    "-XX:AOTCache=" + unfinished.cache),
                List.of()));
    if (failure.isEmpty()) {
      failure = unfinished.refusal();
    }
    if (failure.isPresent()) {
      throw new IOException(
          "no ahead-of-time cache can be made for %s:%n%s".formatted(module, failure.get()));
    }
    Files.move(
        unfinished.cache,
        cache,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    forget();
  }

  /**
   * Why the JVM does not take the cache, in its own words; empty if it does. It is started for
   * this, up to the program's first line. A JVM before 25.0.4 takes a cache whatever the jars are
   * (JDK-8377932): whoever keeps one has to know for which it was made.
   */
  public Optional<String> refusal() throws IOException, InterruptedException {
    // "on" ends the JVM if anything about the cache is not right; by default that is silent.
    return failure(
        start.command(List.of("-XX:AOTMode=on", "-XX:AOTCache=" + cache, "--dry-run"), List.of()));
  }

  private Path recording() {
    return beside("recording");
  }

  private Path beside(String suffix) {
    return cache.resolveSibling(cache.getFileName() + "." + suffix);
  }

  private static Optional<String> failure(List<String> command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
  }
}
