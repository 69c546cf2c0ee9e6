package dev.rouse.e2e.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Passes on an answer and stops once, behind the first piece that holds a marker. */
final class Pausing extends OutputStream {

  /** The marker of a model's answer that is under way: its first words have come. */
  static final String MARKER = "content_block_delta";

  private final OutputStream out;
  private final Hold hold;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private boolean stopped;

  Pausing(OutputStream out, Hold hold) {
    this.out = out;
    this.hold = hold;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    if (!stopped) {
      seen.write(bytes, offset, length);
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
    if (!stopped && seen.toString(StandardCharsets.ISO_8859_1).contains(MARKER)) {
      stopped = true;
      seen.reset();
      hold.stopIf(Hold.When.DURING);
    }
  }
}
