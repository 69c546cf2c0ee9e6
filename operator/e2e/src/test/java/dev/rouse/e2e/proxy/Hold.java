package dev.rouse.e2e.proxy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Stops one request at a named point: before it reaches the server, or after it was answered and
 * before the client hears of it. What is held goes on when it is released, even if its sender is
 * dead by then.
 */
public final class Hold {

  /** On which side of the request's effect it is stopped. */
  public enum When {
    BEFORE,
    AFTER
  }

  private final String name;
  private final When when;
  private final Predicate<Request> matches;
  private final CountDownLatch hit = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private boolean taken;

  Hold(String name, When when, Predicate<Request> matches) {
    this.name = name;
    this.when = when;
    this.matches = matches;
  }

  /** A request as the proxy sees it; the body with chunk marks, if it came in chunks. */
  public record Request(String method, String path, String body) {}

  /** Waits until the request is held. */
  public void awaitHit(Duration longest) throws InterruptedException {
    if (!hit.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("no request came to hold " + when + " \"" + name + "\"");
    }
  }

  /** Whether a request is held, or was. */
  public boolean isHit() {
    return hit.getCount() == 0;
  }

  /** Lets the request or its answer go on. */
  public void release() {
    released.countDown();
  }

  /** Only the first request that matches is held. */
  synchronized boolean takes(Request request) {
    if (taken || !matches.test(request)) {
      return false;
    }
    taken = true;
    return true;
  }

  void stopIf(When point) {
    if (point != when) {
      return;
    }
    hit.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return when + " " + name;
  }
}
