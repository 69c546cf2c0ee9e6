package dev.rouse.devcluster.node.kubelet;

import dev.rouse.devcluster.node.process.AttemptDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Copies a container's log to a reader. */
final class LogReader {

  private static final int BUFFER = 64 * 1024;

  /** Only while somebody follows, and only his own log: cheaper than a watch for each reader. */
  private static final long FOLLOW_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final AttemptDirectory directory;
  private final LogOptions options;
  private final OutputStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private LogIndex index;
  private long position;
  private long written;

  LogReader(AttemptDirectory directory, LogOptions options, OutputStream out) throws IOException {
    this.directory = directory;
    this.options = options;
    this.out = out;
    this.index = LogIndex.read(directory.log(), directory.logTimes());
  }

  /** Writes what is wanted; returns at the end of the log, or of the container if following. */
  void copy() throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(directory.log().toFile(), "r")) {
      position = options.tailLines() < 0 ? 0 : tailStart(log, options.tailLines());
      log.seek(position);
      boolean more = true;
      while (more) {
        // Asked before reading: what was written until the end is then surely read.
        boolean ended = !options.follow() || directory.exit().isPresent();
        more = drain(log) && !ended;
        if (more) {
          LockSupport.parkNanos(FOLLOW_PAUSE_NANOS);
          more = !Thread.currentThread().isInterrupted();
        }
      }
      writeLine();
      out.flush();
    }
  }

  /** Copies what is there; false once enough was written. */
  private boolean drain(RandomAccessFile log) throws IOException {
    byte[] buffer = new byte[BUFFER];
    int read = log.read(buffer);
    if (read > 0) {
      index = LogIndex.read(directory.log(), directory.logTimes());
    }
    while (read > 0) {
      for (int i = 0; i < read; i++) {
        line.write(buffer[i]);
        position++;
        if (buffer[i] == '\n' && !writeLine()) {
          return false;
        }
      }
      read = log.read(buffer);
    }
    out.flush();
    return true;
  }

  private boolean writeLine() throws IOException {
    if (line.size() == 0) {
      return true;
    }
    var time = index.at(position);
    if (!time.isBefore(options.since())) {
      if (options.timestamps()) {
        write((time + " ").getBytes(StandardCharsets.UTF_8));
      }
      write(line.toByteArray());
    }
    line.reset();
    return options.limitBytes() < 0 || written < options.limitBytes();
  }

  private void write(byte[] bytes) throws IOException {
    int length = bytes.length;
    if (options.limitBytes() >= 0) {
      length = Math.toIntExact(Math.min(length, options.limitBytes() - written));
    }
    out.write(bytes, 0, length);
    written += length;
  }

  /** Where the last so many lines begin, searched from the end. */
  private static long tailStart(RandomAccessFile log, long lines) throws IOException {
    long end = log.length();
    byte[] buffer = new byte[BUFFER];
    long seen = 0;
    long at = end;
    while (at > 0) {
      int size = Math.toIntExact(Math.min(BUFFER, at));
      at -= size;
      log.seek(at);
      log.readFully(buffer, 0, size);
      for (int i = size - 1; i >= 0; i--) {
        boolean lastByte = at + i == end - 1;
        if (buffer[i] == '\n' && !lastByte && ++seen == lines) {
          return at + i + 1;
        }
      }
    }
    return lines == 0 ? end : 0;
  }
}
