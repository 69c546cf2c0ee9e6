package dev.rouse.hands.tool;

import java.time.Duration;

/**
 * Ends work that looks at many files: asked in every loop.
 *
 * @param call whose cancellation counts too
 * @param nanos the moment, as {@link System#nanoTime} counts
 * @param limit how long that was, to say so
 */
public record Deadline(ToolCall call, long nanos, Duration limit) {

  /** The earlier of the call's own end and {@code limit} from now. */
  public static Deadline of(ToolCall call, Duration limit) {
    Duration least = call.timeout().compareTo(limit) < 0 ? call.timeout() : limit;
    return new Deadline(call, System.nanoTime() + least.toNanos(), least);
  }

  /** Whether the work is to end. */
  public boolean isOver() {
    return isLate() || call.cancellation().reason().isPresent();
  }

  /** Whether it is to end because it took too long. */
  public boolean isLate() {
    return System.nanoTime() - nanos >= 0;
  }
}
