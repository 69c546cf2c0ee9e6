package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.SessionStatus;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import dev.rouse.e2e.cluster.SessionView;
import dev.rouse.e2e.node.AtWork.Moment;
import dev.rouse.e2e.node.AtWork.SecondCall;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What can happen to the pods of one session while it works. Each case has a session of its own.
 */
@ExtendWith(SharedBed.class)
@Order(20)
class CrashE2E {

  private final Team team;

  CrashE2E(Release release) throws IOException {
    this.team = Team.create(release, "crash");
  }

  /** What happens. */
  private enum Blow {
    BRAIN_KILLED("kill -9 of the brain"),
    BRAIN_OUT_OF_MEMORY("the brain runs out of memory"),
    BRAIN_STOPPED("the brain stands still, is replaced, and goes on"),
    HANDS_KILLED("kill -9 of the hands"),
    HANDS_OUT_OF_MEMORY("the hands run out of memory"),
    HANDS_STOPPED("the hands stand still for a while");

    private final String label;

    Blow(String label) {
      this.label = label;
    }

    boolean hitsBrain() {
      return name().startsWith("BRAIN");
    }

    @Override
    public String toString() {
      return label;
    }
  }

  static Stream<Arguments> cases() {
    return Stream.of(Blow.values())
        .flatMap(blow -> Stream.of(Moment.values()).map(moment -> Arguments.of(blow, moment)));
  }

  // The cases beside each other; on the class it would mean beside other classes, too.
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0} while {1}")
  @MethodSource("cases")
  void nothingIsLostAndNothingIsDoneTwice(Blow blow, Moment moment) throws Exception {
    // Given
    String name = (blow.name() + "-" + moment.name()).toLowerCase(Locale.ROOT).replace('_', '-');
    AtWork work = AtWork.at(moment, team, name, "default");
    work.tellMore();

    // When
    strike(blow, moment, work);

    // Then
    boolean unknown =
        moment == Moment.TOOL && (blow == Blow.HANDS_KILLED || blow == Blow.HANDS_OUT_OF_MEMORY);
    // A message that waits may be taken up by the brain that is there, or by one more.
    work.judge(unknown ? SecondCall.UNKNOWN : SecondCall.DONE)
        .woke(blow.hitsBrain() ? 2 : 1, blow.hitsBrain() ? 3 : 2);
  }

  private static void strike(Blow blow, Moment moment, AtWork work)
      throws IOException, InterruptedException {
    PodSession session = work.session();
    switch (blow) {
      case BRAIN_KILLED -> {
        session.brain().kill();
        goOnWithAnotherBrain(moment, work);
      }
      case BRAIN_OUT_OF_MEMORY -> {
        session.brain().exhaustMemory();
        awaitLastExit(session, "OOMKilled");
        goOnWithAnotherBrain(moment, work);
      }
      case BRAIN_STOPPED -> {
        PodContainer old = session.brain();
        old.stop();
        goOnWithAnotherBrain(moment, work);
        // Its end was asked for, and whatever it still does comes too late. On a machine that is
        // slow enough its time was up meanwhile, and the kubelet has killed it.
        old.goIfThere();
        old.awaitEnd(Duration.ofSeconds(60));
      }
      case HANDS_KILLED -> {
        session.hands().kill();
        goOnWithoutHands(moment, work);
      }
      case HANDS_OUT_OF_MEMORY -> {
        session.hands().exhaustMemory();
        goOnWithoutHands(moment, work);
      }
      case HANDS_STOPPED -> {
        PodContainer hands = session.hands();
        hands.stop();
        work.goOn();
        awaitHandsUnready(session);
        assertThat(session.hands()).as("unreachable is not gone").isEqualTo(hands);
        hands.go();
      }
    }
  }

  private static void goOnWithAnotherBrain(Moment moment, AtWork work) throws IOException {
    if (moment == Moment.MODEL) {
      work.lose();
    }
    work.session().awaitWakes(2);
    if (moment == Moment.TOOL) {
      work.goOn();
    }
  }

  private static void goOnWithoutHands(Moment moment, AtWork work) throws IOException {
    if (moment == Moment.MODEL) {
      work.goOn();
    }
  }

  private static void awaitLastExit(PodSession session, String reason) {
    await("the end of the brain of " + session.name() + " is told: " + reason)
        .atMost(SessionView.PATIENCE)
        .until(() ->
            Optional.ofNullable(session.status())
                .map(SessionStatus::harness)
                .map(SessionStatus.Harness::lastExit)
                .filter(exit -> exit.contains(reason))
                .isPresent());
  }

  private static void awaitHandsUnready(PodSession session) {
    await("the hands of " + session.name() + " are known not to answer")
        .atMost(SessionView.PATIENCE)
        .until(() ->
            Optional.ofNullable(session.status())
                .map(SessionStatus::hands)
                .map(SessionStatus.Hands::reason)
                .isPresent());
  }
}
