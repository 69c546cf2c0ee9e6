package dev.rouse.log.sqlite;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Head;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.Subscription;
import dev.rouse.log.sql.CommitJson;
import dev.rouse.log.sql.CommitReader;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/** Logs in an SQLite database; see the package. Make one per process and directory. */
public final class SqliteLogStore implements LogStore {

  private static final Logger LOG = LoggerFactory.getLogger(SqliteLogStore.class);
  private static final String HEAD = "SELECT head, bytes FROM logs WHERE uid = ? AND deleted = 0";

  private final StoreDirectory directory;
  private final Database database;
  private final GroupCommit writes;
  private final Readers readers;
  private final AtomicLong totalBytes;
  private final List<Consumer<LogChange>> listeners = new CopyOnWriteArrayList<>();
  private final Thread leftovers;

  private SqliteLogStore(
      StoreDirectory directory, Database database, SqliteSettings settings, IntConsumer halt)
      throws SQLException {
    this.directory = directory;
    this.database = database;
    Ending ending = new Ending(database.file(), halt);
    LogRows rows = new LogRows(database.writer());
    this.totalBytes = new AtomicLong(rows.totalBytes());
    List<String> marked = rows.marked();
    this.writes = new GroupCommit(database, rows, ending, settings.walBytes());
    this.readers = new Readers(database, ending);
    this.leftovers = Thread.ofVirtual().start(() -> finish(marked));
  }

  /**
   * Opens the store, and makes it where there is none.
   *
   * @param halt ends the process at once with an exit code: {@code Runtime.getRuntime()::halt}.
   *     Called when the disk or the file failed, for then nothing can be trusted but a new start
   * @throws LogUnavailable when another process has it, or it is on a network file system
   * @throws dev.rouse.log.LogTooNew when a newer version wrote it
   * @throws dev.rouse.log.LogCorrupt when it is not a log store
   */
  public static SqliteLogStore open(SqliteSettings settings, IntConsumer halt) {
    return open(settings, Database.writing(settings), halt);
  }

  static SqliteLogStore open(SqliteSettings settings, SQLiteConfig writing, IntConsumer halt) {
    StoreDirectory directory;
    try {
      directory = StoreDirectory.take(settings.directory());
    } catch (IOException e) {
      throw new LogUnavailable(
          "the directory of the log store, "
              + settings.directory()
              + ", cannot be written: make it writable for this process",
          e);
    }
    try {
      return new SqliteLogStore(directory, Database.open(settings, writing), settings, halt);
    } catch (SQLException e) {
      directory.close();
      throw new LogUnavailable(
          "the log store in " + settings.directory() + " cannot be opened: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public Head head(LogKey key) {
    return readers.read(
        key.describe(),
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(HEAD)) {
            statement.setString(1, key.sessionUid());
            try (ResultSet row = statement.executeQuery()) {
              return row.next() ? new Head(row.getLong(1), row.getLong(2)) : Head.NONE;
            }
          }
        });
  }

  @Override
  public AppendResult append(LogKey key, long expectedHead, Commit commit) {
    commit.checkFollows(expectedHead);
    CommitJson.Text body = CommitJson.write(commit);
    AppendResult result =
        writes.write(
            key.describe(), body.bytes(), rows -> rows.append(key, expectedHead, commit, body));
    if (result instanceof AppendResult.Stored(Head head)) {
      totalBytes.addAndGet(body.bytes());
      tell(new LogChange(key.namespace(), key.sessionUid(), head.seq(), false));
    }
    return result;
  }

  @Override
  public Stream<Commit> read(LogKey key, long from, int limit) {
    long end = CommitReader.end(from, limit);
    return CommitReader.stream(key, new CommitPages(key, readers, end), from, end);
  }

  /** Tells of what this process does: there is no other. */
  @Override
  public Subscription follow(Consumer<LogChange> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public long totalBytes() {
    return totalBytes.get();
  }

  /** Nothing is cached. */
  @Override
  public void close(LogKey key) {}

  /**
   * Marks the log as deleted, from where on there is none, and removes its rows bit by bit. What a
   * crash leaves is removed after the next start.
   */
  @Override
  public void delete(LogKey key) {
    if (writes.write(key.describe(), 0, rows -> rows.mark(key.sessionUid()))) {
      remove(key.sessionUid());
      tell(new LogChange(key.namespace(), key.sessionUid(), -1, true));
    }
  }

  private void remove(String uid) {
    String what = "the deleted log " + uid;
    boolean more = true;
    while (more) {
      more = writes.write(what, 0, rows -> rows.removeSome(uid));
    }
    totalBytes.addAndGet(-writes.write(what, 0, rows -> rows.forget(uid)));
  }

  private void finish(List<String> marked) {
    for (String uid : marked) {
      try {
        remove(uid);
      } catch (LogException e) {
        LOG.atWarn()
            .addKeyValue("session", uid)
            .setCause(e)
            .log("a deleted log is not removed yet; the next start tries again");
      }
    }
  }

  private void tell(LogChange change) {
    listeners.forEach(listener -> listener.accept(change));
  }

  @Override
  public void close() {
    writes.close();
    try {
      leftovers.join();
      database.close();
    } catch (SQLException e) {
      LOG.atWarn().setCause(e).log("{} was not closed; the next start repairs it", database.file());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      directory.close();
    }
  }
}
