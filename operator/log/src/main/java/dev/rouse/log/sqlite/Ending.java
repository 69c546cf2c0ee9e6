package dev.rouse.log.sqlite;

import java.nio.file.Path;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the process after an error that leaves unknown what the disk holds.
 *
 * @param file the database
 * @param halt ends the process at once with an exit code, without any clean-up
 */
record Ending(Path file, IntConsumer halt) {

  /** {@code EX_IOERR} of sysexits. */
  static final int IO_ERROR = 74;

  private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

  void end(Throwable cause) {
    LOG.atError()
        .setCause(cause)
        .log(
            "the log store {} failed, and what it holds is known only after it is opened anew: this"
                + " process ends now with exit code {}. If it happens again, look at the volume,"
                + " or check the file with: sqlite3 {} 'PRAGMA integrity_check'",
            file,
            IO_ERROR,
            file);
    halt.accept(IO_ERROR);
  }
}
