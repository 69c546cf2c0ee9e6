package dev.rouse.e2e.kill;

import static dev.rouse.e2e.evidence.EvidenceAssert.assertThatEvidence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.SessionStatus;
import dev.rouse.e2e.cluster.PodProcess;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.e2e.evidence.EvidenceAssert;
import dev.rouse.e2e.kill.KillCase.More;
import dev.rouse.e2e.proxy.Pretence;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** One case from its session's first message to the verdict. */
final class KillRun implements Trial {

  private static final int FENCED = 10;
  private static final int CONFLICT = 409;
  private static final String DELETED =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}";

  private final KillCase kill;
  private final Voice voice;
  private final WorkSession session;
  private final Stop stop;
  private CompletableFuture<Void> spoken = CompletableFuture.completedFuture(null);
  private boolean spokenAfterAnswer;

  private KillRun(KillCase kill, Voice voice, Stop stop) {
    this.kill = kill;
    this.voice = voice;
    this.session = voice.session();
    this.stop = stop;
  }

  /** Starts the session; it will stop at its point. */
  static KillRun start(KillCase kill, Voice voice) {
    Stop stop = kill.point().arm(voice.session(), kill.message());
    // Not before: by the time that a client knows the session's id its brain may have come further.
    voice.begin(kill.message());
    return new KillRun(kill, voice, stop);
  }

  @Override
  public void awaitReached() throws InterruptedException {
    stop.awaitReached();
  }

  /** Strikes a blow that hits this session alone, and lets what is left go on. */
  void strike() throws IOException, InterruptedException {
    if (kill.blow() != Blow.FREEZE) {
      speakAt(More.AT_THE_POINT);
    }
    switch (kill.blow()) {
      case BRAIN -> {
        session.brain().kill();
        stop.lose();
        goOnWithSecondBrain();
      }
      case HANDS -> {
        session.hands().kill();
        if (kill.losesAnOutcome()) {
          stop.lose();
        } else {
          stop.open();
        }
      }
      case FREEZE -> freeze();
      case SERVER, OPERATOR -> throw new IllegalStateException(kill + " hits every session");
    }
  }

  @Override
  public void beginToSpeak(Executor threads) {
    spoken = CompletableFuture.runAsync(() -> speakAt(More.AT_THE_POINT), threads);
  }

  private void speakAt(More moment) {
    if (kill.more() == moment) {
      voice.say(KillCase.MORE);
    }
  }

  @Override
  public void goOn() throws IOException {
    stop.open();
  }

  /** A tool that waits is to be joined by the second brain while it still runs. */
  private void goOnWithSecondBrain() throws IOException {
    if (kill.point() == KillPoint.EXECUTION) {
      awaitWakes(2);
      stop.open();
    }
  }

  private void freeze() throws IOException, InterruptedException {
    PodProcess old = session.brain();
    awaitSeenReady();
    // Nobody ends the old brain, as when its machine cannot be reached: it has to find out by
    // itself that it is not needed any more.
    Pretence removal =
        session
            .namespace()
            .cluster()
            .operatorDoor()
            .pretend(
                DELETED,
                request ->
                    request.method().equals("DELETE")
                        && request.path().contains("/pods/" + old.pod()));
    old.freeze();
    stop.letOthersPass();
    speakAt(More.AT_THE_POINT);
    awaitWakeOfAnotherThan(old);
    if (kill.point() == KillPoint.EXECUTION) {
      stop.open();
    }
    awaitAnswer();

    if (kill.point() != KillPoint.EXECUTION) {
      stop.open();
    }
    old.thaw();
    old.awaitEnd(WorkSession.PATIENCE.toSeconds());
    assertThat(old.exitCode()).as("how the old brain ended: fenced").contains(FENCED);
    if (kill.point() == KillPoint.BEFORE_WAKE
        || kill.point() == KillPoint.BEFORE_RESULT
        || kill.point() == KillPoint.BEFORE_IDLE) {
      await("the old brain's late request is refused")
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(stop.answers()).isNotEmpty().containsOnly(CONFLICT));
    }
    removal.end();
    session.removePod(old.pod());
  }

  /** A pod that was never ready is waited for: it may only be slow. */
  private void awaitSeenReady() {
    await("the operator has seen the brain of " + session.name() + " ready")
        .atMost(WorkSession.PATIENCE)
        .until(() ->
            Optional.ofNullable(session.status())
                .map(SessionStatus::harness)
                .map(SessionStatus.Harness::wasReady)
                .orElse(false));
  }

  private void awaitWakes(int wakes) {
    await(session.name() + " wakes under epoch " + wakes)
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> woken(session.log().stream()) == wakes);
  }

  private void awaitWakeOfAnotherThan(PodProcess old) {
    await(session.name() + " wakes in another pod than " + old.pod())
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() ->
            woken(
                    session.log().stream()
                        .filter(record ->
                            record.event() instanceof InternalEvent.Woken woken
                                && !woken.podUid().equals(old.podUid())))
                == 1);
  }

  private static long woken(java.util.stream.Stream<LogRecord> records) {
    return records.filter(record -> record.event() instanceof InternalEvent.Woken).count();
  }

  private void awaitAnswer() {
    if (kill.more() == More.AFTER_THE_ANSWER && !spokenAfterAnswer) {
      session.awaitAnswer(kill.answer());
      speakAt(More.AFTER_THE_ANSWER);
      spokenAfterAnswer = true;
    }
    session.awaitAnswer(kill.lastAnswer());
  }

  @Override
  public void judge() {
    spoken.join();
    awaitAnswer();
    session.awaitNoPods();
    Evidence evidence = Evidence.of(session, kill.message());
    EvidenceAssert verdict =
        assertThatEvidence(evidence)
            .hasAnUnbrokenLog()
            .woke(kill.wakes(), kill.wakesAtMost())
            .everyToolUseHasOneResult()
            .executed("first", "second")
            .executionsAreThoseOfTheLog()
            .saysUnknown(kill.losesAnOutcome() ? 1 : 0)
            .answeredOnce(kill.answer())
            .modelPlayed(kill.modelTurns(), kill.wakes())
            .restsInAgreement();
    voice.judge(verdict.answeredOnce(kill.lastAnswer()), kill.messages());
  }

  @Override
  public void close() {
    voice.close();
  }
}
