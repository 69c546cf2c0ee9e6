package dev.rouse.log.postgres;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Head;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogTooLarge;
import dev.rouse.log.Subscription;
import dev.rouse.log.sql.CommitJson;
import dev.rouse.log.sql.CommitReader;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Logs in a PostgreSQL database; see the package. Make one per process and database. */
public final class PostgresLogStore implements LogStore {

  private static final long LEFTOVERS_MINUTES = 5;

  private final PostgresSettings settings;
  private final String schema;
  private final Connections connections;
  private final LogRows rows;
  private final Removal removal;
  private final Changes changes;
  private final TotalBytes totalBytes;
  private final ScheduledExecutorService leftovers =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("log-leftovers").factory());

  private PostgresLogStore(PostgresSettings settings, Connections connections) {
    this.settings = settings;
    this.schema = settings.schema();
    this.connections = connections;
    this.rows = new LogRows(schema);
    this.removal = new Removal(connections, schema);
    this.changes = new Changes(settings, connections);
    this.totalBytes = new TotalBytes(connections, rows);
    leftovers.scheduleWithFixedDelay(removal::finish, 0, LEFTOVERS_MINUTES, TimeUnit.MINUTES);
  }

  /**
   * Opens the store, and makes its schema and tables where there are none.
   *
   * @throws dev.rouse.log.LogUnavailable when the database cannot be reached or will not do; the
   *     message names the setting
   * @throws dev.rouse.log.LogTooNew when a newer version wrote it
   * @throws dev.rouse.log.LogCorrupt when the schema holds something else
   */
  public static PostgresLogStore open(PostgresSettings settings) {
    FirstLook.at(settings);
    Schema.migrate(settings);
    return new PostgresLogStore(settings, new Connections(settings));
  }

  @Override
  public Head head(LogKey key) {
    Head head = connections.read(key.describe(), connection -> rows.head(connection, key));
    changes.seen(key, head.seq());
    return head;
  }

  @Override
  public AppendResult append(LogKey key, long expectedHead, Commit commit) {
    commit.checkFollows(expectedHead);
    CommitJson.Text body = CommitJson.write(commit);
    if (body.bytes() > settings.maxCommitBytes()) {
      throw LogTooLarge.commit(key.describe(), body.bytes(), null);
    }
    AppendResult result;
    try {
      result =
          connections.write(
              key.describe(),
              connection -> {
                OptionalLong bytes = rows.append(connection, key, expectedHead, commit, body);
                return bytes.isPresent()
                    ? new AppendResult.Stored(new Head(commit.to(), bytes.getAsLong()))
                    : rows.refused(connection, key);
              });
    } catch (LogDeleted e) {
      changes.forget(key.sessionUid());
      throw e;
    }
    switch (result) {
      case AppendResult.Stored(Head head) -> {
        totalBytes.add(body.bytes());
        changes.seen(key, head.seq());
        changes.made(new LogChange(key.namespace(), key.sessionUid(), head.seq(), false));
      }
      case AppendResult.Conflict(Head head) -> changes.seen(key, head.seq());
    }
    return result;
  }

  @Override
  public Stream<Commit> read(LogKey key, long from, int limit) {
    long end = CommitReader.end(from, limit);
    return CommitReader.stream(key, new CommitPages(key, connections, schema, end), from, end);
  }

  @Override
  public Subscription follow(Consumer<LogChange> listener) {
    return changes.follow(listener);
  }

  @Override
  public long totalBytes() {
    return totalBytes.now();
  }

  /** Its head is not looked at any more. */
  @Override
  public void close(LogKey key) {
    changes.forget(key.sessionUid());
  }

  /**
   * Marks the log as deleted, from where on there is none, and removes its rows bit by bit. What a
   * crash leaves is removed by whichever server comes by next.
   */
  @Override
  public void delete(LogKey key) {
    String uid = key.sessionUid();
    boolean there = connections.write(key.describe(), connection -> rows.mark(connection, uid));
    changes.forget(uid);
    if (there) {
      changes.made(new LogChange(key.namespace(), uid, -1, true));
      totalBytes.add(-removal.remove(uid));
    }
  }

  @Override
  public void close() {
    leftovers.shutdownNow();
    changes.close();
    connections.close();
  }
}
