package dev.rouse.session.portable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Reads a session's file record by record, and believes nothing: whoever has read to the end knows
 * that the file is whole and holds a log. Memory is bounded by the longest line and the ids.
 */
public final class SessionFileReader {

  /** No record is longer: its longest text may have 64 Mi characters. */
  private static final int MAX_LINE = 256 * 1024 * 1024;

  private static final String AGAIN = ": export it again";

  private final InputStream in;
  private final MessageDigest sha = Digests.sha256();
  private final LogCheck check = new LogCheck();
  private final FileHeader header;
  private long line;
  private String hash = "";

  /** A record and the bytes of its line, without the line end. */
  public record Entry(byte[] line, LogRecord record) {}

  /**
   * Reads the first line.
   *
   * @throws FileFault when this is no session's file, or one of a newer format
   * @throws IOException when {@code in} cannot be read
   */
  public SessionFileReader(InputStream in) throws FileFault, IOException {
    this.in = new BufferedInputStream(in, 64 * 1024);
    this.header = readHeader();
  }

  /** The first line. */
  public FileHeader header() {
    return header;
  }

  /** The SHA-256 of the file; known once {@link #next} has found its end. */
  public String hash() {
    return hash;
  }

  /**
   * The next record; empty at the end of a file that is whole.
   *
   * @throws FileFault names the line, and what is wrong with it
   */
  public Optional<Entry> next() throws FileFault, IOException {
    byte[] bytes = readLine();
    if (check.head() == header.head()) {
      end(bytes);
      return Optional.empty();
    }
    count(bytes);
    try {
      LogRecord record = RecordLine.read(bytes);
      check.next(record);
      return Optional.of(new Entry(bytes, record));
    } catch (FileFault e) {
      throw e.at(line);
    }
  }

  private FileHeader readHeader() throws FileFault, IOException {
    byte[] bytes = readLine();
    count(bytes);
    try {
      JsonNode json = EventCodec.JSON.readTree(bytes);
      if (!FileHeader.TYPE.equals(json.path("type").textValue())) {
        throw new FileFault("type: this is no file of \"kubectl rouse export\"");
      }
      int format = json.path("format").intValue();
      if (format != FileHeader.FORMAT) {
        throw new FileFault(
            "format: the file is of format %d, and this version reads format %d: use a newer version"
                .formatted(format, FileHeader.FORMAT));
      }
      for (String field :
          new String[] {"session_uid", "namespace", "name", "agent", "environment"}) {
        if (!json.path(field).isTextual()) {
          throw new FileFault(field + ": a text is missing" + AGAIN);
        }
      }
      if (!json.path("head").isIntegralNumber() || json.path("head").longValue() < 0) {
        throw new FileFault("head: the number of the last record is missing" + AGAIN);
      }
      return EventCodec.JSON.treeToValue(json, FileHeader.class);
    } catch (FileFault e) {
      throw e.at(line);
    } catch (IOException e) {
      throw new FileFault("line 1: this is no file of \"kubectl rouse export\"", e);
    }
  }

  private void end(byte[] bytes) throws FileFault, IOException {
    FileEnd end;
    try {
      end = EventCodec.JSON.readValue(bytes, FileEnd.class);
    } catch (IOException e) {
      throw new FileFault(
          "line %d: here the file must end, for its first line says that record %d is the last"
              .formatted(line, header.head()),
          e);
    }
    String actual = HexFormat.of().formatHex(sha.digest());
    if (end == null || !FileEnd.TYPE.equals(end.type()) || end.records() != header.head() + 1) {
      throw new FileFault(
          "line %d: type: the line that ends the file was to follow record %d"
              .formatted(line, header.head()));
    }
    if (!actual.equals(end.sha256())) {
      throw new FileFault(
          "line %d: sha256: the file was changed since it was written%s".formatted(line, AGAIN));
    }
    if (in.read() >= 0) {
      throw new FileFault(
          "line %d: the file goes on after its end: give one file at a time".formatted(line + 1));
    }
    hash = actual;
  }

  private void count(byte[] bytes) {
    sha.update(bytes);
    sha.update((byte) '\n');
  }

  private byte[] readLine() throws FileFault, IOException {
    line++;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new FileFault(
            bytes.size() == 0
                ? "line %d: the file ends here and is not whole%s".formatted(line, AGAIN)
                : "line %d: the file was cut in this line%s".formatted(line, AGAIN));
      }
      if (bytes.size() == MAX_LINE) {
        throw new FileFault("line %d: no line is as long as this one".formatted(line));
      }
      bytes.write(next);
    }
    return bytes.toByteArray();
  }
}
