package dev.rouse.devcluster.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A child that is started again whenever it ends, as a Deployment would do: with a growing pause,
 * and with each end told to whoever watches. A test may {@link #pause} this to keep it down.
 */
public final class Supervised implements AutoCloseable {

  /** Ends before the first readiness after which waiting for it makes no sense. */
  private static final int HOPELESS = 3;

  private final ProcessSpec spec;
  private final RestartPolicy policy;
  private final Progress progress;
  private final Thread keeper;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Child child;
  private boolean paused;
  private boolean closed;
  private int ends;

  private Supervised(ProcessSpec spec, RestartPolicy policy, Progress progress) {
    this.spec = spec;
    this.policy = policy;
    this.progress = progress;
    this.child = Child.start(spec);
    this.keeper = Thread.ofVirtual().name("keeper-" + spec.name()).unstarted(this::keep);
  }

  /** Starts a child and keeps it running until {@link #close}. */
  public static Supervised start(ProcessSpec spec, RestartPolicy policy, Progress progress) {
    Supervised supervised = new Supervised(spec, policy, progress);
    supervised.keeper.start();
    return supervised;
  }

  public String name() {
    return spec.name();
  }

  /** The child that runs now, or the last that did. */
  public Child current() {
    lock.lock();
    try {
      return child;
    } finally {
      lock.unlock();
    }
  }

  /** How often it has ended so far. */
  public int ends() {
    lock.lock();
    try {
      return ends;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until it is ready, through restarts.
   *
   * @throws ChildFailedException if it keeps ending, or the time is over
   */
  public void awaitReady(Check check, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      long left = Math.max(0, deadline - System.nanoTime());
      try {
        current().awaitReady(check, Duration.ofNanos(left));
        return;
      } catch (ChildFailedException e) {
        if (ends() >= HOPELESS || System.nanoTime() - deadline > 0) {
          throw e;
        }
        awaitLiving(deadline);
      }
    }
  }

  /** Keeps a child that ends from being started again, until {@link #resume}. */
  public void pause() {
    set(true);
  }

  /** Starts it again if it has ended, and whenever it ends from now on. */
  public void resume() {
    set(false);
  }

  /** Ends the child for good, with all it left behind. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    current().close();
    try {
      keeper.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Had the keeper just started another one, it is this one now.
    current().close();
  }

  private void set(boolean value) {
    lock.lock();
    try {
      paused = value;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void keep() {
    int inRow = 0;
    try {
      while (true) {
        long started = System.nanoTime();
        Child running = current();
        ExitStatus exit = running.exit().join();
        Duration lived = Duration.ofNanos(System.nanoTime() - started);
        inRow = lived.compareTo(policy.healthy()) < 0 ? inRow + 1 : 1;
        Duration pause = policy.pause(inRow);
        if (!awaitRestart(running, exit, lived, pause)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells the end, waits, starts the next child; false when there shall be none. */
  private boolean awaitRestart(Child ended, ExitStatus exit, Duration lived, Duration pause)
      throws InterruptedException {
    lock.lock();
    try {
      ends++;
      if (closed) {
        return false;
      }
      String next =
          paused
              ? "stays down"
              : "started again in %.1f s%s".formatted(pause.toMillis() / 1000.0, ended.last());
      progress.step("%s %s after %d s; %s".formatted(name(), exit, lived.toSeconds(), next));
      ended.close();
      long left = pause.toNanos();
      while (!closed && (paused || left > 0)) {
        left = left > 0 ? changed.awaitNanos(left) : awaitChange();
      }
      if (closed) {
        return false;
      }
      child = Child.start(spec);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private long awaitChange() throws InterruptedException {
    changed.await();
    return 0;
  }

  private void awaitLiving(long deadline) throws InterruptedException {
    lock.lock();
    try {
      while (!closed && !child.isAlive()) {
        if (!changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
