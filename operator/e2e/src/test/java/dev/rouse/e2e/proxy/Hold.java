package dev.rouse.e2e.proxy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Stops requests of one kind at a named point until it is opened. What is held goes on then, even
 * if its sender is dead by that time: that is how a message of the dead arrives late.
 *
 * <p>The sender's repeated tries are held as well. Once opened, everything passes.
 */
public final class Hold {

  /** On which side of the request's effect it is stopped. */
  public enum When {
    /** It has not reached the server. */
    BEFORE,
    /** The server has begun its answer, and the client has the first piece of it. */
    DURING,
    /** The server has answered, and the client does not know. */
    AFTER
  }

  private enum Fate {
    PASSED,
    DROPPED
  }

  private final String name;
  private final When when;
  private final Predicate<Request> matches;
  private final CountDownLatch hit = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);
  private final AtomicReference<Fate> fate = new AtomicReference<>();
  private final List<Integer> answers = new CopyOnWriteArrayList<>();
  private final AtomicInteger standing = new AtomicInteger();
  private volatile boolean closed;

  Hold(String name, When when, Predicate<Request> matches) {
    this.name = name;
    this.when = when;
    this.matches = matches;
  }

  /** A request as the proxy sees it; the body with chunk marks, if it came in chunks. */
  public record Request(String method, String path, String body) {}

  /** Waits until a request is held. */
  public void awaitHit(Duration longest) throws InterruptedException {
    if (!hit.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "no request came within " + longest.toSeconds() + " s to be held " + this);
    }
  }

  /** Whether a request is held, or was. */
  public boolean isHit() {
    return hit.getCount() == 0;
  }

  /** How many requests stand here now. */
  public int standing() {
    return standing.get();
  }

  /** Keeps what is held and lets everything else pass from now on. */
  public void takeNoMore() {
    closed = true;
  }

  /** Lets what is held go on. */
  public void release() {
    open(Fate.PASSED);
  }

  /** Loses what is held, as a broken connection would: its sender hears nothing. */
  public void drop() {
    open(Fate.DROPPED);
  }

  /** The status codes that the requests held here were answered with, once they were. */
  public List<Integer> answers() {
    return List.copyOf(answers);
  }

  private void open(Fate chosen) {
    fate.compareAndSet(null, chosen);
    opened.countDown();
  }

  boolean takes(Request request) {
    return !closed && opened.getCount() > 0 && matches.test(request);
  }

  void answered(int status) {
    answers.add(status);
  }

  void stopIf(When point) throws IOException {
    if (point != when) {
      return;
    }
    standing.incrementAndGet();
    hit.countDown();
    try {
      opened.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      standing.decrementAndGet();
    }
    if (fate.get() != Fate.PASSED) {
      throw new IOException("lost " + this);
    }
  }

  @Override
  public String toString() {
    return when + " " + name;
  }
}
