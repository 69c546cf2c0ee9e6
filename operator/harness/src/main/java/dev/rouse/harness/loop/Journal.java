package dev.rouse.harness.loop;

import dev.rouse.harness.decide.View;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.Fold;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.UserEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The brain's copy of the log, and the one place where it waits: every waiting thread looks again
 * when a record came in, when a task ended ({@link #signal}) or when the brain has to stop ({@link
 * #halt}).
 */
final class Journal {

  private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(365);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Fold fold = new Fold();
  private boolean rested = true;
  private @Nullable View view;
  private @Nullable Halt halt;

  /** Takes what is new in {@code records}; stops before a gap, which the caller then reads. */
  void add(List<LogRecord> records) {
    lock.lock();
    try {
      for (LogRecord record : records) {
        long next = view().session().head() + 1;
        if (record.seq() > next) {
          break;
        }
        if (record.seq() == next) {
          fold.add(record);
          rested = restedAfter(record.event());
          view = null;
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean restedAfter(Event event) {
    return switch (event) {
      // A turn that waits for a budget goes on when there is one.
      case SessionEvent.StatusIdle idle -> rested || !idle.stopReason().budgetReached();
      case AgentEvent.ThreadContextCompacted _ -> rested;
      case AgentEvent _ -> false;
      case UserEvent.Interrupt _, UserEvent.DefineOutcome _ -> rested;
      case UserEvent _ -> false;
      case Event _ -> rested;
    };
  }

  View view() {
    lock.lock();
    try {
      View current = view;
      if (current == null) {
        current = new View(fold.state(), rested);
        view = current;
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  long head() {
    return view().session().head();
  }

  /** Makes every waiting thread look again. */
  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** From now on every wait ends with {@code reason}; the first reason stays. */
  void halt(Halt reason) {
    lock.lock();
    try {
      if (halt == null) {
        halt = reason;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until {@code what} gives a value.
   *
   * @return the value, or empty after {@code atMost}
   * @throws Halt when the brain has to stop
   */
  <T> Optional<T> await(Supplier<Optional<T>> what, Duration atMost) {
    return await(what, () -> false, atMost);
  }

  /**
   * Waits until {@code what} gives a value, for as long as it takes.
   *
   * @return the value, or empty when a client interrupted the turn
   * @throws Halt when the brain has to stop
   */
  <T> Optional<T> awaitUnlessInterrupted(Supplier<Optional<T>> what) {
    return await(what, this::isInterrupted, AS_LONG_AS_IT_TAKES);
  }

  private <T> Optional<T> await(
      Supplier<Optional<T>> what, BooleanSupplier inVain, Duration atMost) {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (true) {
        if (halt != null) {
          throw halt;
        }
        if (inVain.getAsBoolean()) {
          return Optional.empty();
        }
        Optional<T> value = what.get();
        if (value.isPresent() || left <= 0) {
          return value;
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Halt.internal("the brain's thread was interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a client wants the turn under way to stop. */
  boolean isInterrupted() {
    return view().session().pendingInterrupt().isPresent();
  }
}
