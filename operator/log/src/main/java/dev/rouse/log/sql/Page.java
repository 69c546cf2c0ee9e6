package dev.rouse.log.sql;

import java.util.List;

/**
 * Some rows of a log, in order.
 *
 * @param rows none if there are no more
 * @param more whether there may be more behind them
 */
public record Page(List<CommitRow> rows, boolean more) {

  /** Of a log that is not there, or ends before. */
  public static final Page END = new Page(List.of(), false);

  public Page {
    rows = List.copyOf(rows);
  }

  /** Loads pages. */
  @FunctionalInterface
  public interface Source {

    /** The rows that hold record {@code next} and those behind it, of bounded size. */
    Page load(long next);
  }
}
