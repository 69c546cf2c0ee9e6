package dev.rouse.hands.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body that may not be longer than a limit. */
final class LimitedStream extends FilterInputStream {

  private final long limit;
  private long count;

  LimitedStream(InputStream in, long limit) {
    super(in);
    this.limit = limit;
  }

  boolean isExceeded() {
    return count > limit;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    counted(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = super.read(into, offset, length);
    counted(Math.max(0, read));
    return read;
  }

  private void counted(int bytes) throws IOException {
    count += bytes;
    if (isExceeded()) {
      throw new IOException("the body is longer than " + limit + " bytes");
    }
  }
}
