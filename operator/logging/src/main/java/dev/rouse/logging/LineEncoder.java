package dev.rouse.logging;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes an entry of the log by the pattern, or as one JSON object on a line of its own:
 *
 * <pre>{"time":"2026-03-01T10:00:00.123Z","level":"WARN","logger":"BrainApi","message":"…",
 * "namespace":"team-a","session":"6f1c…","error":"java.io.IOException: …\n\tat …"}</pre>
 *
 * Logback's own JSON has the keys of an entry in a list of objects, in which collectors cannot look
 * for one, and a stack trace as a tree of frames.
 */
public final class LineEncoder extends PatternLayoutEncoder {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String SESSION = "session";

  private String format = "";
  private String session = "";

  /** {@code json}; anything else is text, so that a program can say what is wrong with it. */
  public void setFormat(String format) {
    this.format = format;
  }

  /** Named in every line of a program that serves one session only. */
  public void setSession(String session) {
    this.session = session;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return format.equals(LogFormat.JSON.value()) ? json(event) : super.encode(event);
  }

  private byte[] json(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator out = JSON.createGenerator(line)) {
      out.writeStartObject();
      out.writeStringField("time", time(event));
      out.writeStringField("level", event.getLevel().toString());
      out.writeStringField("logger", event.getLoggerName().replaceFirst(".*\\.", ""));
      out.writeStringField("message", event.getFormattedMessage());
      List<KeyValuePair> pairs =
          Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of());
      if (!session.isEmpty() && pairs.stream().noneMatch(it -> it.key.equals(SESSION))) {
        out.writeStringField(SESSION, session);
      }
      for (KeyValuePair pair : pairs) {
        pair(out, pair.key, pair.value);
      }
      @Nullable IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        out.writeStringField("error", ThrowableProxyUtil.asString(thrown));
      }
      out.writeEndObject();
      out.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("a line in memory cannot be written", e);
    }
    return line.toByteArray();
  }

  private static String time(ILoggingEvent event) {
    @Nullable Instant at = event.getInstant();
    return (at == null ? Instant.ofEpochMilli(event.getTimeStamp()) : at)
        .truncatedTo(ChronoUnit.MILLIS)
        .toString();
  }

  /** Numbers stay numbers: a sequence number is compared, not matched. */
  private static void pair(JsonGenerator out, String key, @Nullable Object value)
      throws IOException {
    switch (value) {
      case Long number -> out.writeNumberField(key, number);
      case Integer number -> out.writeNumberField(key, number);
      case null, default -> out.writeStringField(key, String.valueOf(value));
    }
  }
}
