package dev.rouse.log.sqlite;

import dev.rouse.log.LogUnavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of the database, held by one process at a time.
 *
 * <p>The lock is the operating system's and ends with the process, however it ends; what is written
 * in the file of the holder is for people. The two are different files because a process loses its
 * lock as soon as it closes any opening of the locked file.
 */
final class StoreDirectory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreDirectory.class);
  private static final String LOCK = "rouse.lock";
  private static final String HOLDER = "rouse.holder";

  /** File systems whose locks and fsync another machine answers for. */
  private static final Set<String> NETWORK =
      Set.of(
          "9p",
          "afpfs",
          "afs",
          "beegfs",
          "ceph",
          "cifs",
          "coda",
          "fuse",
          "gfs2",
          "glusterfs",
          "gpfs",
          "lustre",
          "ncpfs",
          "nfs",
          "nfs4",
          "ocfs2",
          "orangefs",
          "pvfs2",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "webdav");

  private static final Pattern FUSE = Pattern.compile("(mac|osx)?fuse\\..*");

  private final Path directory;
  private final FileLock lock;

  private StoreDirectory(Path directory, FileLock lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Takes the directory.
   *
   * @throws LogUnavailable when another process holds it, or its file system will not do
   * @throws IOException when it cannot be made or written
   */
  static StoreDirectory take(Path directory) throws IOException {
    Files.createDirectories(directory);
    Optional<String> problem = problem(directory, Files.getFileStore(directory).type());
    if (problem.isPresent()) {
      throw new LogUnavailable(problem.get(), null);
    }
    String me = me();
    String holder = holder(directory);
    if (holder.startsWith(me)) {
      throw inUse(directory, holder);
    }
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw inUse(directory, holder);
    }
    Files.writeString(directory.resolve(HOLDER), me + " since " + Instant.now() + "\n");
    return new StoreDirectory(directory, lock);
  }

  /** Why a database must not be in {@code directory}, whose file system is of this type. */
  static Optional<String> problem(Path directory, String type) {
    String name = type.toLowerCase(Locale.ROOT);
    return NETWORK.contains(name) || FUSE.matcher(name).matches()
        ? Optional.of(
            "the log store cannot be in "
                + directory
                + ": that is a network file system ("
                + type
                + "), whose locks and fsync cannot be relied on. Give it a volume of a local or"
                + " block device, or keep logs in ConfigMaps")
        : Optional.empty();
  }

  private static LogUnavailable inUse(Path directory, String holder) {
    return new LogUnavailable(
        "the log store in "
            + directory
            + " is in use by "
            + (holder.isEmpty() ? "another process" : holder)
            + ": only one server may use it. End that one first, or give this one a directory of"
            + " its own",
        null);
  }

  private static String holder(Path directory) throws IOException {
    try {
      return Files.readString(directory.resolve(HOLDER)).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** This process, unlike any other: a process number alone is used again. */
  private static String me() {
    ProcessHandle process = ProcessHandle.current();
    String started = process.info().startInstant().map(Instant::toString).orElse("unknown");
    return "process " + process.pid() + " on " + host() + ", started " + started + ",";
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a host without a name";
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(directory.resolve(HOLDER));
      lock.acquiredBy().close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the lock of {} ends with the process", directory);
    }
  }
}
