package dev.rouse.hands.isolation;

import dev.rouse.hands.execution.Admission;
import dev.rouse.hands.execution.RefusedException;
import dev.rouse.hands.log.HandsLog;
import dev.rouse.session.protocol.HandsProtocol.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lets calls in once no forbidden address answers. A policy that nobody enforces looks like any
 * other in the Kubernetes API, so the sandbox itself tries; what it found closed stays closed for
 * the life of this process.
 */
public final class IsolationCheck implements Admission, AutoCloseable {

  /** Long enough for a packet that is sent again after a second. */
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Network plugins apply policies to a new pod within seconds of its start. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Executor THREADS = task -> Thread.ofVirtual().name("isolation").start(task);

  private final List<ForbiddenAddress> forbidden;
  private final HandsLog log;
  private final long deadline;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean clean;

  /**
   * A check that has not begun.
   *
   * @param patience how long from now an address may answer before calls are refused
   */
  IsolationCheck(List<ForbiddenAddress> forbidden, Duration patience, HandsLog log) {
    this.forbidden = List.copyOf(forbidden);
    this.log = log;
    this.deadline = System.nanoTime() + patience.toNanos();
    this.clean = forbidden.isEmpty();
  }

  /** Begins at once, so that the first call need not wait for what does not answer. */
  public static IsolationCheck start(List<ForbiddenAddress> forbidden, HandsLog log) {
    IsolationCheck check = new IsolationCheck(forbidden, PATIENCE, log);
    if (forbidden.isEmpty()) {
      log.warn("isolation is not checked: ROUSE_FORBIDDEN names no address");
    } else {
      THREADS.execute(() -> {
        try {
          check.admit();
        } catch (RefusedException e) {
          // Logged; each call looks again and is refused in its own name.
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
    }
    return check;
  }

  /**
   * Returns when nothing forbidden answers. Looks again and again while policies may be on their
   * way, and later once for each call: who puts the cluster right need not restart anything.
   */
  @Override
  public void admit() throws RefusedException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!clean) {
        List<ForbiddenAddress> open = open();
        if (open.isEmpty()) {
          clean = true;
          log.info("isolated: no answer from " + named(forbidden));
        } else if (System.nanoTime() - deadline >= 0
            || closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw refused(open);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The addresses that answer, all tried at once. */
  private List<ForbiddenAddress> open() {
    List<CompletableFuture<Boolean>> answers =
        forbidden.stream()
            .map(it ->
                CompletableFuture.supplyAsync(() -> it.answers(TIMEOUT), THREADS)
                    // Looking up a name has no limit of its own.
                    .completeOnTimeout(false, 2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
            .toList();
    return IntStream.range(0, forbidden.size())
        .filter(i -> answers.get(i).join())
        .mapToObj(forbidden::get)
        .toList();
  }

  private RefusedException refused(List<ForbiddenAddress> open) {
    String addresses = named(open);
    log.warn("not isolated: no tool runs here, it reaches " + addresses);
    return new RefusedException(
        Code.NOT_ISOLATED,
        "this sandbox reaches %s, which it must not: nothing enforces the network policies of its namespace. No tool runs in it. Whoever runs the cluster must install a network plugin that enforces NetworkPolicy; if sandboxes may reach it, take it out of the operator's ROUSE_SANDBOX_FORBIDDEN"
            .formatted(addresses));
  }

  private static String named(List<ForbiddenAddress> addresses) {
    return addresses.stream().map(ForbiddenAddress::toString).collect(Collectors.joining(", "));
  }

  /** Waits for no policy any more. */
  @Override
  public void close() {
    closed.countDown();
  }
}
