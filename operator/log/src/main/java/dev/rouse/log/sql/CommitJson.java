package dev.rouse.log.sql;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.rouse.log.Commit;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A commit as the text of its JSON, so that people can read their logs with SQL. */
public final class CommitJson {

  private static final ObjectReader COMMITS = EventCodec.JSON.readerFor(Commit.class);

  /**
   * The text.
   *
   * @param bytes how long it is in UTF-8
   */
  public record Text(String json, long bytes) {}

  private CommitJson() {}

  /** A commit as it is stored. */
  public static Text write(Commit commit) {
    try {
      // By way of bytes: text that has no form in UTF-8 fails here, before anything is stored.
      byte[] json = EventCodec.JSON.writeValueAsBytes(commit);
      return new Text(new String(json, StandardCharsets.UTF_8), json.length);
    } catch (IOException e) {
      throw new UncheckedIOException("commit " + commit.appendId() + " has no JSON form", e);
    }
  }

  static Commit read(byte[] json) throws IOException {
    return COMMITS.readValue(json);
  }
}
