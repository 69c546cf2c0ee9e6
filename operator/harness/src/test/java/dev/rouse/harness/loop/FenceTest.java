package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.bash;
import static dev.rouse.harness.fake.ScriptedModel.calls;
import static dev.rouse.harness.fake.ScriptedModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.Life;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.UnknownEvent;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Losing the session, and servers that come and go. */
@Timeout(30)
class FenceTest {

  private final Bench bench = Bench.of(Bench.ALL_TOOLS);

  @Tag("failure-4")
  @Test
  void aBrainThatAnotherReplacedSaysNothingMoreAndExits() throws Exception {
    // Given: the old brain is in the middle of a request when another wakes.
    bench.session.message("go");
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch resume = new CountDownLatch(1);
    Bench.Pod zombie =
        bench.pod((_, _) -> {
          asked.countDown();
          resume.await();
          return calls(bash("from the grave"));
        });
    zombie.server().deaf();
    CompletableFuture<ExitCode> old = zombie.start();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    ExitCode next = bench.pod((_, _) -> says("mine")).run();
    List<String> before = bench.session.types();

    // When
    resume.countDown();

    // Then
    assertThat(next).isEqualTo(ExitCode.DONE);
    assertThat(old.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.FENCED);
    assertThat(bench.session.types()).isEqualTo(before);
    assertThat(bench.hands.effects).isEmpty();
  }

  @Test
  void aBrainThatWaitsHearsThatItWasReplaced() throws Exception {
    // Given: the old brain would wait for its model without end.
    bench.session.message("go");
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<ExitCode> old =
        bench
            .pod((_, _) -> {
              asked.countDown();
              new CountDownLatch(1).await();
              return says("never");
            })
            .start();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

    // When
    bench.session.wake("pod-2", "test");

    // Then
    assertThat(old.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.FENCED);
  }

  @Test
  void handsThatHeardANewerBrainEndTheOldOne() throws Exception {
    // Given
    bench.session.message("go");
    bench.hands.raiseEpoch(bench.hands.current(null), 9);

    // When
    ExitCode exit = bench.pod((_, _) -> calls(bash("ls"))).run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.FENCED);
    assertThat(bench.hands.effects).isEmpty();
  }

  @Test
  void lostAnswersAreAskedForAgainUnderTheSameId() {
    // Given
    bench.session.message("go");
    Bench.Pod pod = bench.pod((_, _) -> says("hi"));
    pod.server().loseAnswers(1);

    // When
    ExitCode exit = pod.run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(pod.server().commits.get(0)).isEqualTo(pod.server().commits.get(1));
    assertThat(pod.server().commits.stream().map(CommitRequest::appendId).distinct()).hasSize(3);
    assertThat(bench.session.events(SpanEvent.ModelRequestStart.class)).hasSize(1);
  }

  @Test
  void aServerThatStaysAwayEndsTheBrainInTheEnd() {
    // Given
    bench.session.message("go");
    Timing impatient =
        new Timing(
            Duration.ZERO,
            Duration.ofMillis(50),
            Bench.FAST.serverRetry(),
            8,
            Bench.FAST.modelRetry(),
            Duration.ofMillis(1));
    Bench.Pod pod = bench.pod((_, _) -> says("hi"), Life.immortal(), impatient);
    pod.server().outage(Integer.MAX_VALUE);

    // When
    ExitCode exit = pod.run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.INTERNAL);
  }

  @Test
  void aPoisonedSessionIsLeftAlone() {
    // Given: the first brain makes progress, it takes the message up; five more make none.
    bench.session.message("go");
    for (int i = 0; i < 6; i++) {
      bench
          .pod((_, _) -> {
            throw new AssertionError("poison");
          })
          .run();
    }

    // When
    ExitCode exit = bench.pod((_, _) -> says("never")).run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.POISONED);
    assertThat(bench.session.events(SpanEvent.ModelRequestStart.class)).hasSize(6);
  }

  @Test
  void anEndedSessionEndsItsBrain() throws Exception {
    // Given
    CompletableFuture<ExitCode> lingering =
        bench.pod((_, _) -> says("hi"), Life.immortal(), lingering(Duration.ofMinutes(1))).start();
    await("the brain woke").until(() -> bench.session.state().epoch() == 1);

    // When
    bench.session.terminate();

    // Then
    assertThat(lingering.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.GONE);
  }

  @Test
  void aDeletedSessionEndsItsBrain() throws Exception {
    // Given
    CompletableFuture<ExitCode> lingering =
        bench.pod((_, _) -> says("hi"), Life.immortal(), lingering(Duration.ofMinutes(1))).start();
    await("the brain woke").until(() -> bench.session.state().epoch() == 1);

    // When
    bench.session.delete();

    // Then
    assertThat(lingering.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.GONE);
  }

  @Test
  void aLingeringBrainTakesTheNextMessageWithoutAnotherWake() throws Exception {
    // Given
    bench.session.message("one");
    CompletableFuture<ExitCode> exit =
        bench.pod((_, _) -> says("hi"), Life.immortal(), lingering(Duration.ofMillis(700))).start();
    await("the first turn is over")
        .until(() -> bench.session.types().contains("session.status_idle"));

    // When
    bench.session.message("two");

    // Then
    assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.events(AgentEvent.Message.class)).hasSize(2);
    assertThat(bench.session.state().epoch()).isEqualTo(1);
    assertThat(bench.session.events(UserEvent.Message.class)).hasSize(2);
  }

  @Test
  void aLogOfANewerVersionIsNotTouched() {
    // Given
    Journal journal = new Journal();
    UnknownEvent newer =
        new UnknownEvent(
            "sevt_n",
            "rouse.newer",
            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode());

    // When
    journal.add(List.of(new LogRecord(0, Instant.EPOCH, 0, true, newer, Map.of())));

    // Then
    assertThat(journal.view().session().unreadable()).isEqualTo("rouse.newer");
    assertThat(dev.rouse.harness.decide.Decider.decide(journal.view()))
        .isInstanceOf(dev.rouse.harness.decide.Step.Wait.class);
  }

  private static Timing lingering(Duration linger) {
    return new Timing(
        linger,
        Bench.FAST.serverPatience(),
        Bench.FAST.serverRetry(),
        8,
        Bench.FAST.modelRetry(),
        Duration.ofMillis(1));
  }
}
