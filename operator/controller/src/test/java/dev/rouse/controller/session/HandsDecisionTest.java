package dev.rouse.controller.session;

import static dev.rouse.controller.session.PodViews.NOW;
import static dev.rouse.controller.session.PodViews.TIMING;
import static dev.rouse.controller.session.PodViews.exited;
import static dev.rouse.controller.session.PodViews.pod;
import static dev.rouse.controller.session.PodViews.ready;
import static dev.rouse.controller.session.PodViews.removing;
import static dev.rouse.controller.session.PodViews.unready;
import static dev.rouse.controller.session.PodViews.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.controller.event.Note;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HandsDecisionTest {

  private static final Work DUE = new Work(true, true, false, false, 5);
  private static final Work IDLE = new Work(true, false, false, false, 5);
  private static final Work SUSPENDED = new Work(true, true, false, true, 5);
  private static final Hands STARTING = new Hands(1, "p", "u", null, "starting", null);
  private static final Hands READY = new Hands(1, "p", "u", "http://10.0.0.1:8085", null, null);
  private static final Hands GONE = new Hands(1, null, null, null, "was removed", true);

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void decides(
      String name,
      Hands hands,
      int wanted,
      PodView pod,
      boolean brain,
      Work work,
      int start,
      boolean gone) {
    // When
    HandsDecision decision = decide(hands, wanted, pod, brain, work, box());
    // Then
    assertThat(decision.start()).as("generation to start").isEqualTo(start);
    assertThat(decision.hands() != null && decision.hands().hasGone()).as("gone").isEqualTo(gone);
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("nobody asked", null, 0, null, true, DUE, 0, false),
        Arguments.of("the first", null, 1, null, true, DUE, 1, false),
        Arguments.of("asked, but at rest since", null, 1, null, false, IDLE, 0, false),
        Arguments.of("asked, but suspended", null, 1, null, true, SUSPENDED, 0, false),
        Arguments.of("starting", STARTING, 1, pod(), true, DUE, 0, false),
        Arguments.of("ready", READY, 1, ready(), true, DUE, 0, false),
        Arguments.of(
            "shortly away", READY, 1, unready(Duration.ofSeconds(119)), true, DUE, 0, false),
        Arguments.of("lost", READY, 1, unready(Duration.ofMinutes(2)), true, DUE, 0, true),
        Arguments.of(
            "slow to start", STARTING, 1, unready(Duration.ofHours(2)), true, DUE, 0, false),
        Arguments.of("ended", READY, 1, exited(1), true, DUE, 0, true),
        Arguments.of("removed", READY, 1, null, true, DUE, 0, true),
        Arguments.of("being removed", READY, 1, removing(), true, DUE, 0, true),
        Arguments.of("a generation is never started again", GONE, 1, null, true, DUE, 0, true),
        Arguments.of("but the next one is", GONE, 2, null, true, DUE, 2, true),
        Arguments.of("ended and asked for again at once", READY, 2, exited(1), true, DUE, 2, true),
        Arguments.of("the brain lingers", READY, 1, ready(), true, IDLE, 0, false),
        Arguments.of("at rest", READY, 1, ready(), false, IDLE, 0, true),
        Arguments.of("the brain is being replaced", READY, 1, ready(), false, DUE, 0, false),
        Arguments.of(
            "suspended, the brain not out yet", READY, 1, ready(), true, SUSPENDED, 0, false),
        Arguments.of("suspended and out", READY, 1, ready(), false, SUSPENDED, 0, true));
  }

  @Test
  void readyHandsHaveAnAddress() {
    // When
    HandsDecision decision = decide(STARTING, 1, ready(), true, DUE, box());
    // Then
    assertThat(decision.hands()).isEqualTo(READY);
  }

  @Test
  void handsThatAreShortlyAwayKeepTheirAddressAndAreLookedAtAgain() {
    // When
    HandsDecision decision = decide(READY, 1, unready(Duration.ofSeconds(20)), true, DUE, box());
    // Then unreachable is not gone
    assertThat(decision.hands().address()).isEqualTo(READY.address());
    assertThat(decision.hands().reason()).isNotNull();
    assertThat(decision.again()).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(101));
  }

  @Test
  void whatAPodWaitsForIsTheReason() {
    // When
    HandsDecision decision =
        decide(STARTING, 1, waiting("Unschedulable: 0/3 nodes"), true, DUE, box());
    // Then
    assertThat(decision.hands().reason())
        .isEqualTo("hands pod p has not started: Unschedulable: 0/3 nodes");
    assertThat(decision.problem().reason()).isEqualTo(SessionReason.HandsWaiting);
  }

  @Test
  void whatEndedTheHandsIsSaidAndStaysKnownToThoseThatCome() {
    // Given
    PodView killed = PodView.of(oomKilled());
    // When
    HandsDecision decision = decide(READY, 1, killed, true, DUE, box());
    // Then
    String how = "exit code 137 (OOMKilled): it needed more memory than its limit of 1Gi";
    assertThat(decision.hands().reason()).isEqualTo(how);
    assertThat(decision.notes())
        .extracting(Note::kind, Note::text)
        .containsExactly(tuple(Note.Kind.Warning, "hands pod p: " + how));
    Hands next = HandsStatus.started(decision.hands(), 2, pod(), box());
    assertThat(next.lastExit()).isEqualTo(how);
    assertThat(decide(next, 2, ready(), true, DUE, box()).hands().lastExit()).isEqualTo(how);
  }

  @Test
  void whatRestWasTheEndOfIsNoLoss() {
    // Given
    Hands hands =
        new Hands(
            1,
            "p",
            "u",
            "http://10.0.0.1:8085",
            null,
            null,
            "exit code 1",
            NOW.toString(),
            null,
            null);
    // When
    HandsDecision decision = decide(hands, 1, ready(), false, IDLE, box());
    // Then
    assertThat(decision.hands().hasGone()).isTrue();
    assertThat(decision.hands().lastExit()).isNull();
  }

  @Test
  void anEnvironmentThatIsPutRightStartsTheGenerationThatWaited() {
    // Given
    Hands waiting = decide(null, 1, null, true, DUE, null).hands();
    // When
    HandsDecision decision = decide(waiting, 1, null, true, DUE, box());
    // Then
    assertThat(decision.start()).isEqualTo(1);
  }

  @Tag("contract-env-later")
  @ParameterizedTest(name = "{0}")
  @MethodSource("changed")
  void handsThatAreThereStayAsTheyAreWhenTheirEnvironmentChanges(
      String spec, PodView pod, String address) {
    // Given
    Environment before = box();
    before.getMetadata().setGeneration(1L);
    Hands hands = HandsStatus.started(null, 1, pod, before);
    Hands told = address == null ? hands : HandsStatus.ready(hands, pod, address);
    Environment after = box();
    after.getMetadata().setGeneration(2L);
    after.setSpec(Serialization.unmarshal(spec, EnvironmentSpec.class));
    // When
    HandsDecision decision = decide(told, 1, pod, true, DUE, after);
    // Then
    assertThat(decision.hands()).isEqualTo(told);
    assertThat(decision.start()).isZero();
    assertThat(decision.notes()).isEmpty();
  }

  static Stream<Arguments> changed() {
    return Stream.of("image: other:2", "networking: {type: unrestricted}", "archived: true")
        .flatMap(spec ->
            Stream.of(
                Arguments.of(spec, ready(), "http://10.0.0.1:8085"),
                Arguments.of(spec, pod(), null)));
  }

  @Test
  void withoutAnEnvironmentTheReasonIsSaid() {
    // When
    HandsDecision decision = decide(null, 1, null, true, DUE, null);
    // Then
    assertThat(decision.start()).isZero();
    assertThat(decision.hands().reason()).isNotBlank();
  }

  @Test
  void aSelfHostedEnvironmentGetsNoHandsWhateverAsksForThem() {
    // Given
    Environment workers = box();
    workers.setSpec(Serialization.unmarshal("type: self_hosted", EnvironmentSpec.class));
    // When
    HandsDecision decision = decide(null, 1, null, true, DUE, workers);
    // Then
    assertThat(decision.start()).isZero();
    assertThat(decision.hands().reason()).contains("box", "self-hosted");
  }

  @Test
  void anAddressOfSixteenBytesIsBracketed() {
    // Given
    PodView pod = new PodView("p", "u", NOW, false, false, null, true, null, "fd00::1", null);
    // When
    HandsDecision decision = decide(STARTING, 1, pod, true, DUE, box());
    // Then
    assertThat(decision.hands().address()).isEqualTo("http://[fd00::1]:8085");
  }

  private static Pod oomKilled() {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, uid: u, creationTimestamp: '2026-01-01T00:00:00Z'}
        spec: {containers: [{name: hands, resources: {limits: {memory: 1Gi}}}]}
        status:
          phase: Failed
          containerStatuses:
          - {name: hands, state: {terminated: {exitCode: 137, reason: OOMKilled, message: its log}}}
        """,
        Pod.class);
  }

  private static HandsDecision decide(
      Hands hands, int wanted, PodView pod, boolean brain, Work work, Environment environment) {
    return HandsDecision.of(
        new HandsDecision.Situation(
            hands,
            wanted == 0 ? null : new HandsWanted(wanted, "key"),
            pod,
            environment,
            brain,
            null,
            work),
        TIMING,
        NOW);
  }

  static Environment box() {
    Environment environment = new Environment();
    environment.setMetadata(new ObjectMetaBuilder().withName("box").build());
    environment.setSpec(
        new EnvironmentSpec(
            null, null, null, null, null, null, null, null, null, null, null, null));
    return environment;
  }
}
