package dev.rouse.hands.execution;

import dev.rouse.hands.tool.Cancellation;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call that came and has not ended; guarded by the lock of {@link Executions}. */
final class Running {

  private final String hash;
  private final Cancellation cancellation = new Cancellation();
  private final CompletableFuture<Outcome> end = new CompletableFuture<>();
  private int epoch;
  private boolean started;

  Running(String hash, int epoch) {
    this.hash = hash;
    this.epoch = epoch;
  }

  String hash() {
    return hash;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** The epoch of the last brain that asked for it. */
  int epoch() {
    return epoch;
  }

  void joined(int byEpoch) {
    epoch = Math.max(epoch, byEpoch);
  }

  /** Whether the journal says that it was started. */
  boolean isStarted() {
    return started;
  }

  void markStarted() {
    started = true;
  }

  void ended(Outcome outcome) {
    end.complete(outcome);
  }

  /**
   * @param why a refusal, the stop of the hands, or a defect
   */
  void failed(Throwable why) {
    end.completeExceptionally(why);
  }

  /** Waits for the end. */
  Outcome await() throws RefusedException, HandsStoppingException, InterruptedException {
    try {
      return end.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        throw refused;
      }
      if (e.getCause() instanceof HandsStoppingException stopping) {
        throw stopping;
      }
      throw new IllegalStateException("the call ended without an outcome", e.getCause());
    }
  }

  /**
   * Waits until it has ended, however.
   *
   * @return false if it has not within {@code patience}
   */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    try {
      end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException refusedOrFailed) {
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
