package dev.rouse.session.portable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import java.io.IOException;
import java.time.format.DateTimeParseException;

/** One record as a line: the JSON of the log, without its line end. */
public final class RecordLine {

  private RecordLine() {}

  public static byte[] write(LogRecord record) {
    try {
      return EventCodec.JSON.writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("record " + record.seq() + " cannot be written", e);
    }
  }

  /**
   * Reads a record of which nothing would be lost.
   *
   * @throws FileFault when it is no record, or says something that would not be kept
   */
  public static LogRecord read(byte[] line) throws FileFault {
    try {
      JsonNode json = EventCodec.JSON.readTree(line);
      LogRecord record = EventCodec.JSON.treeToValue(json, LogRecord.class);
      if (record == null || !EventCodec.JSON.readTree(write(record)).equals(json)) {
        throw new FileFault(
            "this is not a record as Rouse writes it: some of its fields would be lost; export it"
                + " again, or use the version of Rouse that wrote it");
      }
      return record;
    } catch (JsonProcessingException e) {
      throw new FileFault("this is no record: " + e.getOriginalMessage(), e);
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      throw new FileFault("this is no record: " + e.getMessage(), e);
    }
  }
}
