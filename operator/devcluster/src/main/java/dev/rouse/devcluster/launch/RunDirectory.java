package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.file.Trees;
import dev.rouse.devcluster.process.Leftovers;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.process.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a run, held by one launcher at a time.
 *
 * <p>The lock is the kernel's and goes with the launcher however it ends, so a lock that can be had
 * beside a directory that is there means: a former run was killed. What it left is ended and
 * removed.
 */
public final class RunDirectory implements AutoCloseable {

  /** Says that a directory is ours to remove. */
  private static final String LABEL = "rouse-run";

  private static final Duration GRACE = Duration.ofSeconds(3);

  /** Ends what a run has started; also of a former one that was killed. */
  @FunctionalInterface
  public interface Ending {

    /** Returns how many processes there were. */
    int end(Run run) throws IOException, InterruptedException;
  }

  private final Run run;
  private final FileChannel lock;
  private final Ending ending;
  private boolean keep;

  private RunDirectory(Run run, FileChannel lock, Ending ending) {
    this.run = run;
    this.lock = lock;
    this.ending = ending;
  }

  /**
   * Takes a directory, empty.
   *
   * @throws IOException if another launcher has it (the message says which), or it holds what is
   *     not a run's
   */
  public static RunDirectory open(Path path, Progress progress)
      throws IOException, InterruptedException {
    return open(path, progress, run -> Leftovers.end(run, GRACE));
  }

  /** The same for runs that leave more than processes. */
  public static RunDirectory open(Path path, Progress progress, Ending ending)
      throws IOException, InterruptedException {
    Run run = new Run(path);
    Path parent = run.directory().getParent();
    if (parent == null) {
      throw new IOException("a run needs a directory of its own, not " + path);
    }
    Files.createDirectories(parent);
    FileChannel lock = lock(run.directory());
    try {
      int ended = ending.end(run);
      if (ended > 0) {
        progress.step("ended " + ended + " processes of a former run that was killed");
      }
      if (Files.exists(run.directory())) {
        mustBeARun(run.directory());
        Trees.delete(run.directory());
      }
      // Keys lie below: nobody else of this machine looks in.
      Files.createDirectory(
          run.directory(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.createFile(run.directory().resolve(LABEL));
      return new RunDirectory(Run.create(run.directory()), lock, ending);
    } catch (IOException | InterruptedException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  public Run run() {
    return run;
  }

  /** Leaves the files where they are at the end, until the next run in the same directory. */
  public void keep() {
    keep = true;
  }

  /** Ends what still carries the run's mark and removes the files, unless they are kept. */
  @Override
  public void close() throws IOException, InterruptedException {
    try (lock) {
      ending.end(run);
      if (!keep) {
        Trees.delete(run.directory());
      }
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    Path file = directory.resolveSibling(directory.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      String holder = Files.readString(file).strip();
      channel.close();
      throw new IOException(
          "a dev cluster is running in %s already, started by process %s: stop that one (Ctrl-C, or 'kill %s'), or choose another directory"
              .formatted(directory, holder, holder));
    }
    channel.truncate(0);
    byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
    channel.write(ByteBuffer.wrap(pid), 0);
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  private static void mustBeARun(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      if (entries.findAny().isPresent() && !Files.exists(directory.resolve(LABEL))) {
        throw new IOException(
            directory
                + " holds files that are not a dev cluster's, and a run begins with an empty directory: choose another");
      }
    }
  }
}
