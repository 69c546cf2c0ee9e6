package dev.rouse.hands.bash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a shell's output for as long as anything may write it, so that no background process ever
 * blocks on a full pipe. What comes between two commands stands before the output of the next.
 */
final class Pump {

  private static final int CHUNK = 64 * 1024;

  private final InputStream in;
  private final Supplier<Output> outputs;
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
  private Output current;
  private @Nullable Mark mark;

  /** Bytes that a command cannot know before it has ended, and who waits for them. */
  private record Mark(byte[] bytes, Consumer<Output> seen) {}

  private byte[] held = {};

  private Pump(InputStream in, Supplier<Output> outputs) {
    this.in = in;
    this.outputs = outputs;
    this.current = outputs.get();
  }

  static Pump start(InputStream in, Supplier<Output> outputs, String name) {
    Pump pump = new Pump(in, outputs);
    // A platform thread: it blocks in a read of a pipe nearly all of its life.
    Thread.ofPlatform().daemon().name(name).start(pump::run);
    return pump;
  }

  private void run() {
    byte[] chunk = new byte[CHUNK];
    try (in) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        take(chunk, count);
      }
    } catch (IOException closed) {
      // The end, as good as any.
    } finally {
      end.complete(null);
    }
  }

  private synchronized void take(byte[] chunk, int count) {
    Mark wanted = mark;
    if (wanted == null) {
      current.write(chunk, 0, count);
      return;
    }
    byte[] bytes = Arrays.copyOf(held, held.length + count);
    System.arraycopy(chunk, 0, bytes, held.length, count);
    int at = indexOf(bytes, wanted.bytes());
    if (at < 0) {
      int keep = Math.min(bytes.length, wanted.bytes().length - 1);
      current.write(bytes, 0, bytes.length - keep);
      held = Arrays.copyOfRange(bytes, bytes.length - keep, bytes.length);
      return;
    }
    current.write(bytes, 0, at);
    Output ended = swap();
    int rest = at + wanted.bytes().length;
    current.write(bytes, rest, bytes.length - rest);
    wanted.seen().accept(ended);
  }

  private Output swap() {
    Output ended = current;
    current = outputs.get();
    held = new byte[0];
    mark = null;
    return ended;
  }

  /**
   * Ends the current output at {@code text}, which the shell is about to be told to write.
   *
   * @param seen is given the output
   */
  synchronized void until(String text, Consumer<Output> seen) {
    mark = new Mark(text.getBytes(StandardCharsets.US_ASCII), seen);
  }

  /**
   * The output of a shell that was killed with all it started.
   *
   * @param patience how long to wait for what still holds the other end
   */
  Output rest(Duration patience) {
    try {
      end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException someoneHoldsThePipe) {
      // It will be read to its end all the same, by a thread that nobody waits for.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      current.write(held, 0, held.length);
      return swap();
    }
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
