package dev.rouse.log.configmap;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.rouse.log.Commit;
import dev.rouse.session.EventCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The bytes of a log: gzip over one JSON commit a line, so that {@code gunzip} shows them. */
final class CommitCodec {

  private static final ObjectReader COMMITS = EventCodec.JSON.readerFor(Commit.class);

  private CommitCodec() {}

  /** One commit as one line. */
  static byte[] line(Commit commit) {
    try {
      byte[] json = EventCodec.JSON.writeValueAsBytes(commit);
      byte[] line = new byte[json.length + 1];
      System.arraycopy(json, 0, line, 0, json.length);
      line[json.length] = '\n';
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("commit " + commit.appendId() + " has no JSON form", e);
    }
  }

  static byte[] concat(byte[] one, byte[] other) {
    byte[] both = new byte[one.length + other.length];
    System.arraycopy(one, 0, both, 0, one.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  /** Packed quickly, as somebody waits for it. */
  static byte[] gzip(byte[] raw) {
    return gzip(raw, Deflater.BEST_SPEED);
  }

  /** Packed with some care, as somebody waits for it, but it stays as it is. */
  static byte[] gzipOnce(byte[] raw) {
    return gzip(raw, 4);
  }

  /** Packed well, to be kept. */
  static byte[] gzipToKeep(byte[] raw) {
    return gzip(raw, Deflater.DEFAULT_COMPRESSION);
  }

  private static byte[] gzip(byte[] raw, int level) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length / 4 + 64);
    try (OutputStream gzip = new LevelledGzip(out, level)) {
      gzip.write(raw);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The only way to a level that {@link GZIPOutputStream} has. */
  private static final class LevelledGzip extends GZIPOutputStream {

    LevelledGzip(OutputStream out, int level) throws IOException {
      super(out, 8 * 1024);
      def.setLevel(level);
    }
  }

  /**
   * The bytes that were compressed; none for none.
   *
   * @throws IOException when they are not what {@link #gzip} made
   */
  static byte[] gunzip(byte[] compressed) throws IOException {
    if (compressed.length == 0) {
      return compressed;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return in.readAllBytes();
    }
  }

  /** The commits of compressed bytes, one at a time; wrong JSON shows as an unchecked exception. */
  static Iterator<Commit> commits(byte[] compressed) throws IOException {
    return COMMITS.readValues(new GZIPInputStream(new ByteArrayInputStream(compressed), 8 * 1024));
  }

  static long crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}
