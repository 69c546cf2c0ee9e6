package dev.rouse.hands.journal;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that knows a torn one: each is a checksum of 8 hexadecimal digits, a space, the
 * text, a line feed. An append is durable when it returns; when it fails, the file is as before.
 */
final class Lines implements AutoCloseable {

  private static final int PREFIX = 9;
  private static final int CHUNK = 64 * 1024;

  /** Takes the valid lines, in order. */
  @FunctionalInterface
  interface Reader {
    void line(long offset, byte[] text) throws IOException;
  }

  private final Disk disk;
  private long end;
  private boolean broken;

  private Lines(Disk disk) {
    this.disk = disk;
  }

  /**
   * Reads every line, and cuts off what a crash left of the last.
   *
   * @throws JournalDamagedException if there is a good line behind a bad one: then it was not a
   *     crash in the middle of an append
   */
  static Lines open(Disk disk, Reader reader) throws IOException {
    Lines lines = new Lines(disk);
    lines.readAll(reader);
    if (disk.size() != lines.end) {
      disk.truncate(lines.end);
      disk.force();
    }
    return lines;
  }

  private void readAll(Reader reader) throws IOException {
    long size = disk.size();
    long offset = 0;
    long bad = -1;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (long at = 0; at < size; ) {
      chunk.clear();
      int count = disk.read(chunk, at);
      if (count < 0) {
        break;
      }
      at += count;
      int from = 0;
      for (int i = 0; i < count; i++) {
        if (chunk.get(i) != '\n') {
          continue;
        }
        line.write(chunk.array(), from, i - from);
        from = i + 1;
        byte @Nullable [] text = textOf(line.toByteArray());
        if (text == null) {
          bad = bad < 0 ? offset : bad;
        } else if (bad >= 0) {
          throw new JournalDamagedException(
              "the journal is damaged at byte "
                  + bad
                  + ": move its directory away to go on with a new one; how calls of the old one"
                  + " ended is then not known");
        } else {
          reader.line(offset, text);
          end = offset + line.size() + 1;
        }
        offset += line.size() + 1;
        line.reset();
      }
      line.write(chunk.array(), from, count - from);
    }
  }

  /**
   * Adds a line.
   *
   * @return where it stands, for {@link #read}
   * @throws JournalFullException if it is not durable; the file is as before
   */
  synchronized long append(byte[] text) throws JournalFullException {
    if (broken) {
      throw new JournalFullException(
          "the journal's disk failed before and is not written any more",
          new IOException("broken"));
    }
    ByteBuffer line = framed(text);
    long offset = end;
    try {
      long at = offset;
      while (line.hasRemaining()) {
        at += disk.write(line, at);
      }
      disk.force();
      end = at;
      return offset;
    } catch (IOException e) {
      takeBack(offset);
      throw new JournalFullException(
          "the journal cannot be written (" + e.getMessage() + "): make room on its volume", e);
    }
  }

  /** What a failed append wrote must not be found as a line later. */
  private void takeBack(long offset) {
    try {
      disk.truncate(offset);
      disk.force();
    } catch (IOException e) {
      broken = true;
    }
  }

  /** Whether a failed append could not be taken back: nothing is written any more. */
  synchronized boolean isBroken() {
    return broken;
  }

  /** The text of a line that was read or appended before. */
  byte[] read(long offset, int length) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(PREFIX + length + 1);
    while (line.hasRemaining()) {
      if (disk.read(line, offset + line.position()) < 0) {
        throw new EOFException("the journal ends within its line at byte " + offset);
      }
    }
    byte @Nullable [] text = textOf(Arrays.copyOf(line.array(), PREFIX + length));
    if (text == null) {
      throw new JournalDamagedException("the journal's line at byte " + offset + " has changed");
    }
    return text;
  }

  private static ByteBuffer framed(byte[] text) {
    ByteBuffer line = ByteBuffer.allocate(PREFIX + text.length + 1);
    line.put(checksum(text).getBytes(StandardCharsets.US_ASCII));
    return line.put((byte) ' ').put(text).put((byte) '\n').flip();
  }

  private static byte @Nullable [] textOf(byte[] line) {
    if (line.length < PREFIX) {
      return null;
    }
    byte[] text = Arrays.copyOfRange(line, PREFIX, line.length);
    String prefix = new String(line, 0, PREFIX, StandardCharsets.ISO_8859_1);
    return prefix.equals(checksum(text) + " ") ? text : null;
  }

  private static String checksum(byte[] text) {
    CRC32C crc = new CRC32C();
    crc.update(text);
    return HexFormat.of().toHexDigits(crc.getValue(), 8);
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
