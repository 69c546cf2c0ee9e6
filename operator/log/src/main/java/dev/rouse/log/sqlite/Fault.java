package dev.rouse.log.sqlite;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** What an error of SQLite means to those who wait for an answer. */
enum Fault {
  /** This one commit is more than a row can hold. */
  TOO_LARGE,
  /** This one log is not as this program keeps it. */
  ODD,
  /** The volume is full; the transaction is undone, and the same call may succeed later. */
  FULL,
  /** It could not be done now; the transaction is undone, and the same call may succeed later. */
  BUSY,
  /** Nothing that was written can be trusted: the disk, the file, or this program is broken. */
  FATAL;

  static Fault of(SQLException e) {
    int code = e.getErrorCode() & 0xff;
    if (code == SQLiteErrorCode.SQLITE_TOOBIG.code) {
      return TOO_LARGE;
    }
    if (code == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
      return ODD;
    }
    if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return FULL;
    }
    return code == SQLiteErrorCode.SQLITE_BUSY.code
            || code == SQLiteErrorCode.SQLITE_LOCKED.code
            || code == SQLiteErrorCode.SQLITE_NOMEM.code
            || code == SQLiteErrorCode.SQLITE_INTERRUPT.code
        ? BUSY
        : FATAL;
  }
}
