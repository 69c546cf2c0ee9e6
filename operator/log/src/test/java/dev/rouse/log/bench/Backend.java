package dev.rouse.log.bench;

import dev.rouse.log.LogStore;
import java.util.Locale;

/** A running store, and what its own database takes for a write without us. */
public interface Backend extends AutoCloseable {

  /** Which stores there are to measure. */
  enum Kind {
    CONFIGMAP,
    SQLITE,
    POSTGRES;

    String title() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Starts what the store needs, on this machine, with every fsync that production has. */
    Backend start() throws Exception {
      return switch (this) {
        case CONFIGMAP -> new ConfigMapBackend();
        case SQLITE -> new SqliteBackend();
        case POSTGRES -> new PostgresBackend();
      };
    }
  }

  /** The store under measurement. */
  LogStore store();

  /** A writer of its own, for one thread. */
  Bare bare(String name) throws Exception;

  /** The least that the database can do for the same bytes, durably. */
  @FunctionalInterface
  interface Bare {

    /** Stores this text and returns when it is durable. */
    void write(String text) throws Exception;
  }

  /** Bytes that the database's processes have written to disk so far; -1 where none can be told. */
  long bytesWritten();

  @Override
  void close() throws Exception;
}
