package dev.rouse.devcluster.node.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The files of one start of one container. They alone tell a restarted node what runs and what
 * ended, so nothing about a process is kept in memory only.
 *
 * @param path {@code <data>/pods/<uid>/<container>/<attempt>}
 */
public record AttemptDirectory(Path path) {

  /** What the process wrote, both streams in the order written. */
  public Path log() {
    return path.resolve("log");
  }

  /** When the node saw the log grow, see {@code LogTimes}. */
  public Path logTimes() {
    return path.resolve("log.times");
  }

  /** Where the container's terminationMessagePath leads. */
  public Path terminationMessage() {
    return path.resolve("termination-message");
  }

  /** The exit code and, as its modification time, the end; empty while the process runs. */
  public Optional<Exit> exit() throws IOException {
    Path file = path.resolve("exit");
    Optional<String> line = completeLine(file);
    if (line.isEmpty()) {
      return Optional.empty();
    }
    Instant at = Files.getLastModifiedTime(file).toInstant();
    return Optional.of(new Exit(Integer.parseInt(line.get()), at, true));
  }

  /** Notes the end of a process whose shim could not. */
  public void recordExit(int code) throws IOException {
    Files.writeString(path.resolve("exit"), code + "\n");
  }

  /** The shim, once it runs. */
  public Optional<ProcessId> shim() throws IOException {
    return completeLine(path.resolve("shim")).map(ProcessId::parse);
  }

  /** The container's main process, once it runs, by its id on the host. */
  public Optional<ProcessId> main() throws IOException {
    return completeLine(path.resolve("main")).map(ProcessId::parse);
  }

  /** When the shim began; empty if it never did. */
  public Optional<Instant> startedAt() throws IOException {
    Path file = path.resolve("shim");
    return Files.exists(file)
        ? Optional.of(Files.getLastModifiedTime(file).toInstant())
        : Optional.empty();
  }

  /** A file is written by a shell's echo, so it counts once its line end is there. */
  private static Optional<String> completeLine(Path file) throws IOException {
    try {
      String text = Files.readString(file);
      return text.endsWith("\n") ? Optional.of(text.strip()) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
