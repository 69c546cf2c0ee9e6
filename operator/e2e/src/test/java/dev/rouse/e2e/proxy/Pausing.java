package dev.rouse.e2e.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Passes on an answer and stops once, behind the first piece that holds a mark. */
final class Pausing extends OutputStream {

  /** Each protocol's mark of a model's answer that is under way: its first words have come. */
  private static final List<String> MARKS =
      List.of("content_block_delta", "\"delta\":{\"content\"");

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
    if (!stopped && MARKS.stream().anyMatch(said()::contains)) {
      stopped = true;
      seen.reset();
      hold.stopIf(Hold.When.DURING);
    }
  }

  private String said() {
    return seen.toString(StandardCharsets.ISO_8859_1);
  }
}
