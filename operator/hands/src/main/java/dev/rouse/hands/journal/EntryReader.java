package dev.rouse.hands.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads entries at the start, when only what they are about is wanted: results are skipped, which
 * makes a long journal quick to open.
 */
final class EntryReader {

  private final JsonFactory json = new JsonFactory();

  /**
   * The entry that this line is; a {@code done} without its outcome.
   *
   * @throws IOException if it is not an entry that this version knows
   */
  JournalEntry read(byte[] text) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = json.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken().isScalarValue()) {
          fields.put(name, parser.getText());
        } else {
          parser.skipChildren();
        }
      }
    }
    return entry(fields);
  }

  private static JournalEntry entry(Map<String, String> fields) throws IOException {
    String type = required(fields, "type");
    return switch (type) {
      case "opened" ->
          new JournalEntry.Opened(number(fields, "format"), required(fields, "instance"));
      case "epoch" -> new JournalEntry.EpochRaised(number(fields, "epoch"));
      case "started" ->
          new JournalEntry.Started(
              required(fields, "id"), required(fields, "name"), required(fields, "hash"));
      case "done" -> new JournalEntry.Done(required(fields, "id"), null, fields.get("file"));
      case "cancelled" -> new JournalEntry.Cancelled(required(fields, "id"));
      default -> throw new IOException("unknown type " + type);
    };
  }

  private static int number(Map<String, String> fields, String name) throws IOException {
    try {
      return Integer.parseInt(required(fields, name));
    } catch (NumberFormatException e) {
      throw new IOException(name + " is not a number", e);
    }
  }

  private static String required(Map<String, String> fields, String name) throws IOException {
    String value = fields.get(name);
    if (value == null) {
      throw new IOException(name + " is missing");
    }
    return value;
  }
}
