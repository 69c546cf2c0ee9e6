package dev.rouse.harness.loop;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Blocking work on a virtual thread of its own, whose end the loop awaits at the {@link Journal}
 * together with everything else that can happen meanwhile.
 */
final class Task<T> {

  /** How the work ended. */
  sealed interface Ending<T> {
    record Value<T>(T value) implements Ending<T> {}

    record Failure<T>(Throwable cause) implements Ending<T> {}
  }

  private final AtomicReference<@Nullable Ending<T>> ending = new AtomicReference<>();
  private final Thread thread;

  private Task(String name, Callable<T> work, Journal journal) {
    thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              ending.set(run(work));
              journal.signal();
            });
  }

  static <T> Task<T> start(String name, Callable<T> work, Journal journal) {
    Task<T> task = new Task<>(name, work, journal);
    task.thread.start();
    return task;
  }

  // Errors, too, must reach the loop: a task that dies silently would be waited for without end.
  @SuppressWarnings("CatchThrowable")
  private static <T> Ending<T> run(Callable<T> work) {
    try {
      return new Ending.Value<>(work.call());
    } catch (Throwable e) {
      return new Ending.Failure<>(e);
    }
  }

  Optional<Ending<T>> ending() {
    return Optional.ofNullable(ending.get());
  }

  /** Interrupts the work; its ending no longer matters. */
  void abandon() {
    thread.interrupt();
  }
}
