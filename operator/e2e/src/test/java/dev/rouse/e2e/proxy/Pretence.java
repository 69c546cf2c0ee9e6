package dev.rouse.e2e.proxy;

import java.util.function.Predicate;

/**
 * Requests that are answered as if they had been carried out, and never arrive: as an order is that
 * goes to a machine which cannot be reached. Ends when it is told to.
 */
public final class Pretence {

  private final Predicate<Hold.Request> matches;
  private final String answer;
  private volatile boolean ended;

  Pretence(Predicate<Hold.Request> matches, String answer) {
    this.matches = matches;
    this.answer = answer;
  }

  /** From now on these requests arrive. */
  public void end() {
    ended = true;
  }

  boolean takes(Hold.Request request) {
    return !ended && matches.test(request);
  }

  String answer() {
    return answer;
  }
}
