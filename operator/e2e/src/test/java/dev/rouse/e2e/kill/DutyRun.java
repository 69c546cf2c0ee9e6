package dev.rouse.e2e.kill;

import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.proxy.Hold;
import dev.rouse.e2e.wire.Caller;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One duty of the server, from the client's wish to the verdict. */
final class DutyRun implements Trial {

  private static final Duration AFTER_THE_ANSWER = Duration.ofSeconds(20);

  private final Errand errand;
  private final Hold hold;
  private final Executor threads;
  private CompletableFuture<?> asked = CompletableFuture.completedFuture(null);

  private DutyRun(Errand errand, Hold hold, Executor threads) {
    this.errand = errand;
    this.hold = hold;
    this.threads = threads;
  }

  /** Makes what must be there before its client asks. */
  static DutyRun start(DutyCase duty, Namespace namespace, Caller caller, Executor threads) {
    Errand errand = Errand.of(duty, namespace, caller);
    Subject subject = errand.subject();
    Hold hold =
        namespace
            .cluster()
            .objectsDoor()
            .hold(duty.toString(), duty.when(), request -> duty.duty().matches(subject, request));
    return new DutyRun(errand, hold, threads);
  }

  // Only now does the client ask for what brings the server there: it waits no longer than it must.
  @Override
  public void awaitReached() throws InterruptedException {
    asked = errand.ask(threads, hold::isHit);
    await(hold + ", or an answer")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> hold.isHit() || asked.isDone());
    if (asked.isCompletedExceptionally()) {
      asked.join();
    }
    // What the server does by itself comes after the answer.
    hold.awaitHit(AFTER_THE_ANSWER);
  }

  @Override
  public void beginToSpeak(Executor threads) {
    // The client asks all the time.
  }

  @Override
  public void goOn() {
    // What the dead have sent arrives now, late.
    hold.release();
  }

  @Override
  public void judge() {
    asked.orTimeout(WorkSession.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    errand.judge();
  }

  @Override
  public void close() {
    hold.release();
    errand.close();
  }
}
