package dev.rouse.hands.execution;

/** What a call must pass before it is started. */
@FunctionalInterface
public interface Admission {

  /**
   * Returns if calls may be started; may wait.
   *
   * @throws RefusedException if they may not
   */
  void admit() throws RefusedException, InterruptedException;
}
