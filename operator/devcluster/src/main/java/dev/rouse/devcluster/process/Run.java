package dev.rouse.devcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One run of a dev cluster: a directory, and the mark that all its processes carry.
 *
 * @param directory absolute; holds everything the run writes
 */
public record Run(Path directory) {

  /**
   * The environment variable that names the run a process belongs to, inherited by all below it.
   */
  public static final String MARK = "ROUSE_RUN";

  public Run {
    directory = directory.toAbsolutePath().normalize();
  }

  /** A run whose directories exist. */
  public static Run create(Path directory) throws IOException {
    Run run = new Run(directory);
    Files.createDirectories(run.logs());
    return run;
  }

  /** The value of {@link #MARK} in this run's processes. */
  public String mark() {
    return directory.toString();
  }

  public Path logs() {
    return directory.resolve("logs");
  }
}
