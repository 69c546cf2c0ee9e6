package dev.rouse.e2e.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Requests that are answered as if they had been carried out, and never arrive: as an order is that
 * goes to a machine which cannot be reached. Ends when it is told to.
 */
public final class Pretence {

  private final Predicate<Hold.Request> matches;
  private final String start;
  private final List<String> headers;
  private final String answer;
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean ended;

  Pretence(Predicate<Hold.Request> matches, String start, List<String> headers, String answer) {
    this.matches = matches;
    this.start = start;
    this.headers = List.copyOf(headers);
    this.answer = answer;
  }

  /** From now on these requests arrive. */
  public void end() {
    ended = true;
  }

  boolean takes(Hold.Request request) {
    boolean takes = !ended && matches.test(request);
    if (takes) {
      taken.incrementAndGet();
    }
    return takes;
  }

  /** How many requests were answered so. */
  public int taken() {
    return taken.get();
  }

  /** The head of the answer, but for its length. */
  HttpMessage head(int length) {
    List<String> all = new ArrayList<>(headers);
    all.add("content-type: application/json");
    all.add("content-length: " + length);
    return new HttpMessage(start, all);
  }

  String answer() {
    return answer;
  }
}
