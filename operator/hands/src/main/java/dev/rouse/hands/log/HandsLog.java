package dev.rouse.hands.log;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One line an event on standard output: time, level, message, then key and value pairs as {@code
 * key=value}. Never what a tool was given or returned.
 *
 * <p>Not a logging library: one would cost more of the start than everything else the hands do.
 *
 * @param out where to
 * @param clock for the time
 * @param session named in every line
 */
public record HandsLog(PrintStream out, Clock clock, String session) {

  /**
   * @param pairs key, value, key, value, …
   */
  public void info(String message, Object... pairs) {
    write("INFO", message, null, pairs);
  }

  /**
   * @param pairs key, value, key, value, …
   */
  public void warn(String message, Object... pairs) {
    write("WARN", message, null, pairs);
  }

  /**
   * @param pairs key, value, key, value, …
   */
  public void error(String message, Throwable cause, Object... pairs) {
    write("ERROR", message, cause, pairs);
  }

  private void write(String level, String message, @Nullable Throwable cause, Object... pairs) {
    StringBuilder line = new StringBuilder();
    line.append(clock.instant().truncatedTo(ChronoUnit.MILLIS)).append(' ').append(level);
    line.append(' ').append(message).append(" session=").append(session);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      line.append(' ').append(pairs[i]).append('=').append(quoted(String.valueOf(pairs[i + 1])));
    }
    synchronized (out) {
      out.println(line);
      if (cause != null) {
        cause.printStackTrace(out);
      }
      out.flush();
    }
  }

  private static String quoted(String value) {
    return value.matches("[\\w./:,@+-]+")
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
