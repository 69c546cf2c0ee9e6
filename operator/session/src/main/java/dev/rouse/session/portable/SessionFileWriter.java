package dev.rouse.session.portable;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** Makes the lines of a session's file, one after the other. */
public final class SessionFileWriter {

  private final MessageDigest sha = Digests.sha256();
  private long records;

  /** The first line. */
  public byte[] header(FileHeader header) {
    return line(json(header));
  }

  /** The next record's line. */
  public byte[] record(LogRecord record) {
    records++;
    return line(RecordLine.write(record));
  }

  /** The last line. */
  public byte[] end() {
    String hash = HexFormat.of().formatHex(sha.digest());
    return ended(json(new FileEnd(FileEnd.TYPE, records, hash)));
  }

  private byte[] line(byte[] json) {
    byte[] line = ended(json);
    sha.update(line);
    return line;
  }

  private static byte[] ended(byte[] json) {
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  private static byte[] json(Object value) {
    try {
      return EventCodec.JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a line cannot be written", e);
    }
  }
}
