package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.wire.Caller;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs cases on one cluster, several at a time: first those that hit one session alone, then, for
 * each blow that hits everybody, all its cases together, so that each of these is struck once.
 */
final class Campaign implements AutoCloseable {

  /** For all cases together: one that hangs must not cost every other its own wait. */
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(25);

  /**
   * Each session is two or three Java programs that start; more at a time make all of them late.
   */
  private static final int AT_A_TIME = 5;

  private final Cluster cluster;
  private final Verdicts noted;
  private final List<KillCase> kills;
  private final List<DutyCase> duties;
  private final Namespace namespace;
  private final Caller caller;
  private final Map<Case, CompletableFuture<Void>> verdicts = new LinkedHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final long start = System.nanoTime();

  Campaign(Cluster cluster, Verdicts noted, List<KillCase> kills, List<DutyCase> duties) {
    this.cluster = cluster;
    this.noted = noted;
    this.kills = List.copyOf(kills);
    this.duties = List.copyOf(duties);
    this.namespace = cluster.trials("kill-points");
    this.caller = Caller.of(namespace, "editor");
    Stream.concat(kills.stream(), duties.stream())
        .forEach(one -> verdicts.put(one, new CompletableFuture<>()));
  }

  /** Begins; the verdicts come in when they are there. */
  void start() {
    threads.execute(this::conduct);
  }

  /** A test for each case, which waits for its verdict. */
  Stream<DynamicTest> tests() {
    return verdicts.keySet().stream()
        .map(one -> DynamicTest.dynamicTest(one.toString(), () -> verdict(one)));
  }

  /** Returns when all cases are over, however they went. */
  void awaitEnd() throws Exception {
    for (CompletableFuture<Void> verdict : verdicts.values()) {
      verdict.handle((ok, failed) -> null).get(left(), TimeUnit.NANOSECONDS);
    }
  }

  private void verdict(Case one) throws Exception {
    try {
      future(one).get(left(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError failed) {
        throw failed;
      }
      throw e;
    }
  }

  private long left() {
    return Math.max(0, LONGEST_NANOS - (System.nanoTime() - start));
  }

  private CompletableFuture<Void> future(Case one) {
    CompletableFuture<Void> verdict = verdicts.get(one);
    if (verdict == null) {
      throw new IllegalArgumentException("no such case: " + one);
    }
    return verdict;
  }

  /** Whatever goes wrong, no case is left without a verdict. */
  private void conduct() {
    try {
      runAll();
    } finally {
      IllegalStateException never = new IllegalStateException("this case was never run");
      verdicts.values().forEach(verdict -> verdict.completeExceptionally(never));
    }
  }

  @FunctionalInterface
  private interface Beginning {
    Trial begin() throws InterruptedException;
  }

  private void runAll() {
    Semaphore places = new Semaphore(AT_A_TIME);
    CompletableFuture<?>[] running =
        kills.stream()
            .filter(kill -> !kill.blow().hitsAll())
            .map(kill -> CompletableFuture.runAsync(() -> runAlone(kill, places), threads))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(running).join();
    // A dozen sessions at a time: their programs are all there at once.
    runTogether(ofBlow(Blow.SERVER), "server");
    runTogether(ofBlow(Blow.OPERATOR), "operator");
    // Copies are made with a program for each: not beside all the others.
    runTogether(duties(duty -> !duty.isCopying()), "server");
    runTogether(duties(Duty::isCopying), "server");
  }

  private Map<Case, Beginning> duties(Predicate<Duty> wanted) {
    Map<Case, Beginning> all = new LinkedHashMap<>();
    duties.stream()
        .filter(one -> wanted.test(one.duty()))
        .forEach(one -> all.put(one, () -> DutyRun.start(one, namespace, caller, threads)));
    return all;
  }

  private Map<Case, Beginning> ofBlow(Blow blow) {
    Map<Case, Beginning> all = new LinkedHashMap<>();
    kills.stream()
        .filter(kill -> kill.blow() == blow)
        .forEach(kill -> all.put(kill, () -> reached(kill)));
    return all;
  }

  /** Those that stand at their point leave the machine to those that start. */
  private KillRun reached(KillCase kill) throws InterruptedException {
    KillRun run = start(kill);
    run.awaitReached();
    return run;
  }

  private KillRun start(KillCase kill) {
    return KillRun.start(kill, Voice.of(kill, namespace, caller));
  }

  private void runAlone(KillCase kill, Semaphore places) {
    places.acquireUninterruptibly();
    try {
      settle(
          kill,
          () -> {
            try (KillRun run = start(kill)) {
              run.awaitReached();
              run.strike();
              run.judge();
            }
          });
    } finally {
      places.release();
    }
  }

  /** Brings every session to its point, strikes once, and lets all go on. */
  private void runTogether(Map<Case, Beginning> cases, String component) {
    if (cases.isEmpty()) {
      return;
    }
    Map<Case, Trial> runs = new ConcurrentHashMap<>();
    Semaphore places = new Semaphore(AT_A_TIME);
    together(
        cases.keySet().stream(),
        one -> {
          places.acquireUninterruptibly();
          try {
            settleFailure(one, () -> runs.put(one, cases.get(one).begin()));
          } finally {
            places.release();
          }
        });
    // All at once: who asks first must not wait for the blow longer than it has patience.
    together(runs.keySet().stream(), one -> settleFailure(one, () -> runs.get(one).awaitReached()));
    runs.forEach((one, run) -> settleFailure(one, () -> run.beginToSpeak(threads)));
    try {
      cluster.kill(component);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    runs.forEach((one, run) -> settleFailure(one, run::goOn));
    together(runs.keySet().stream(), one -> judge(one, runs.get(one)));
  }

  private void together(Stream<Case> cases, Consumer<Case> work) {
    CompletableFuture.allOf(
            cases
                .map(one -> CompletableFuture.runAsync(() -> work.accept(one), threads))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private void judge(Case one, Trial started) {
    settle(
        one,
        () -> {
          try (started) {
            started.judge();
          }
        });
  }

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private void settle(Case one, Work work) {
    settleFailure(one, work);
    if (future(one).complete(null)) {
      note(one, null);
    }
  }

  // A failed assertion is an Error, and belongs to its case as any other failure.
  @SuppressWarnings("CatchThrowable")
  private void settleFailure(Case one, Work work) {
    try {
      work.run();
    } catch (Throwable failure) {
      future(one).completeExceptionally(failure);
      note(one, failure);
    }
  }

  private void note(Case one, @Nullable Throwable failure) {
    noted.note(one.where(), one.blow().toString(), failure);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    caller.close();
  }
}
