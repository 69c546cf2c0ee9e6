package dev.rouse.harness.fake;

import java.util.concurrent.Callable;

/**
 * One process' life: it ends at its n-th call to the outside, before or after the call had its
 * effect. From then on every call ends in {@link Killed}, as a dead process does nothing more.
 */
public final class Life {

  /** The process is gone. An Error, so that no code of ours takes it for a failure to handle. */
  public static final class Killed extends Error {
    Killed(String at) {
      super("killed at " + at);
    }
  }

  /** On which side of the fatal call's effect the process dies. */
  public enum Moment {
    BEFORE,
    AFTER
  }

  private final int fatalCall;
  private final Moment moment;
  private int calls;
  private String diedAt;

  private Life(int fatalCall, Moment moment) {
    this.fatalCall = fatalCall;
    this.moment = moment;
  }

  public static Life immortal() {
    return new Life(Integer.MAX_VALUE, Moment.BEFORE);
  }

  public static Life endingAt(int call, Moment moment) {
    return new Life(call, moment);
  }

  public <T> T call(String what, Callable<T> effect) throws Exception {
    boolean fatal = enter(what);
    T result = effect.call();
    if (fatal) {
      die(what);
    }
    check();
    return result;
  }

  private synchronized boolean enter(String what) {
    check();
    calls++;
    if (calls == fatalCall && moment == Moment.BEFORE) {
      die(what);
    }
    return calls == fatalCall;
  }

  private synchronized void die(String what) {
    diedAt = moment + " " + what;
    throw new Killed(diedAt);
  }

  public synchronized void check() {
    if (diedAt != null) {
      throw new Killed(diedAt);
    }
  }

  public synchronized boolean isOver() {
    return diedAt != null;
  }

  public synchronized String diedAt() {
    return String.valueOf(diedAt);
  }
}
