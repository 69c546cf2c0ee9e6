package dev.rouse.hands.log;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One line an event on standard output: time, level, message, then key and value pairs as {@code
 * key=value}; or all of that as one JSON object, as the other programs write theirs. Never what a
 * tool was given or returned.
 *
 * <p>Not a logging library: one would cost more of the start than everything else the hands do.
 *
 * @param out where to
 * @param clock for the time
 * @param session named in every line
 * @param json whether lines are JSON
 */
public record HandsLog(PrintStream out, Clock clock, String session, boolean json) {

  /**
   * @param pairs key, value, key, value, …; keys are {@code toolUse}, {@code epoch}, {@code seq}
   */
  public void info(String message, Object... pairs) {
    write("INFO", message, null, pairs);
  }

  /**
   * @param pairs as of {@link #info}
   */
  public void warn(String message, Object... pairs) {
    write("WARN", message, null, pairs);
  }

  /**
   * @param pairs as of {@link #info}
   */
  public void error(String message, Throwable cause, Object... pairs) {
    write("ERROR", message, cause, pairs);
  }

  private void write(String level, String message, @Nullable Throwable cause, Object... pairs) {
    String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    String lines =
        json
            ? object(time, level, message, cause, pairs)
            : text(time, level, message, cause, pairs);
    synchronized (out) {
      out.print(lines + "\n");
      out.flush();
    }
  }

  private String text(
      String time, String level, String message, @Nullable Throwable cause, Object... pairs) {
    StringBuilder line = new StringBuilder();
    line.append(time).append(' ').append(level);
    line.append(' ').append(message.replace("\n", "\\n")).append(" session=").append(session);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      line.append(' ').append(pairs[i]).append('=').append(quoted(String.valueOf(pairs[i + 1])));
    }
    return cause == null ? line.toString() : line.append('\n').append(trace(cause)).toString();
  }

  private String object(
      String time, String level, String message, @Nullable Throwable cause, Object... pairs) {
    ObjectNode line =
        JsonNodeFactory.instance
            .objectNode()
            .put("time", time)
            .put("level", level)
            .put("logger", "Hands")
            .put("message", message)
            .put("session", session);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      line.putPOJO(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    return cause == null ? line.toString() : line.put("error", trace(cause)).toString();
  }

  private static String trace(Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace, true));
    return trace.toString().strip();
  }

  private static String quoted(String value) {
    return value.matches("[\\w./:,@+-]+")
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
