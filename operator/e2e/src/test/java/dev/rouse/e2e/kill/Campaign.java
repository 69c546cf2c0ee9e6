package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.wire.Caller;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * Runs all cases, several at a time: first those that hit one session alone, then, for each blow
 * that hits everybody, all its cases together, so that each of these is struck once.
 */
final class Campaign implements AutoCloseable {

  /**
   * Each session is two or three Java programs that start; more at a time make all of them late.
   */
  private static final int AT_A_TIME = 5;

  private final Cluster cluster;
  private final Namespace namespace;
  private final Caller caller;
  private final Map<KillCase, CompletableFuture<Void>> verdicts = new HashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Campaign(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.trials("kill-points");
    this.caller = Caller.of(namespace, "editor");
    KillCase.all().forEach(kill -> verdicts.put(kill, new CompletableFuture<>()));
  }

  /** Begins; the verdicts come in when they are there. */
  void start() {
    threads.execute(this::conduct);
  }

  /** Completes when the case is over, exceptionally if it did not go as it must. */
  CompletableFuture<Void> verdict(KillCase kill) {
    CompletableFuture<Void> verdict = verdicts.get(kill);
    if (verdict == null) {
      throw new IllegalArgumentException("no such case: " + kill);
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

  private void runAll() {
    List<KillCase> alone = KillCase.all().stream().filter(kill -> !kill.blow().hitsAll()).toList();
    Semaphore places = new Semaphore(AT_A_TIME);
    CompletableFuture<?>[] running =
        alone.stream()
            .map(kill -> CompletableFuture.runAsync(() -> runAlone(kill, places), threads))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(running).join();
    // A dozen sessions at a time: their programs are all there at once.
    runTogether(kill -> kill.blow() == Blow.SERVER, "server");
    runTogether(kill -> kill.blow() == Blow.OPERATOR, "operator");
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
  private void runTogether(Predicate<KillCase> which, String component) {
    Map<KillCase, KillRun> runs = new HashMap<>();
    KillCase.all().stream()
        .filter(which)
        .forEach(kill -> settleFailure(kill, () -> runs.put(kill, start(kill))));
    if (runs.isEmpty()) {
      return;
    }
    runs.forEach((kill, run) -> settleFailure(kill, run::awaitReached));
    runs.forEach((kill, run) -> settleFailure(kill, () -> run.beginToSpeak(threads)));
    try {
      cluster.kill(component);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    runs.forEach((kill, run) -> settleFailure(kill, run::goOn));
    CompletableFuture<?>[] judged =
        runs.entrySet().stream()
            .map(entry ->
                CompletableFuture.runAsync(() -> judge(entry.getKey(), entry.getValue()), threads))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(judged).join();
  }

  private void judge(KillCase kill, KillRun started) {
    settle(
        kill,
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

  private void settle(KillCase kill, Work work) {
    settleFailure(kill, work);
    verdict(kill).complete(null);
  }

  // A failed assertion is an Error, and belongs to its case as any other failure.
  @SuppressWarnings("CatchThrowable")
  private void settleFailure(KillCase kill, Work work) {
    try {
      work.run();
    } catch (Throwable failure) {
      verdict(kill).completeExceptionally(failure);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    caller.close();
  }
}
