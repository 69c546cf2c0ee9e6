package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.SessionStatus;
import dev.rouse.log.Decision;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.log.memory.InMemoryLogStore.Failure;
import dev.rouse.server.PlannedFailures.Step;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.UserEvent;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeeperTest {

  private final FakeCluster cluster = new FakeCluster();
  private final FakeReviews reviews = new FakeReviews();
  private final InMemoryLogStore store = new InMemoryLogStore();
  private InProcessServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private void start() throws Exception {
    server = new InProcessServer(cluster, reviews, store);
  }

  private static String uid(Session session) {
    return session.getMetadata().getUid();
  }

  private SessionStatus status(String uid) {
    return ServerPart.of(cluster.get(uid));
  }

  private void awaitPhase(String uid, Phase phase) {
    await("phase " + phase)
        .untilAsserted(() -> assertThat(status(uid).phase()).isEqualTo(phase.title()));
  }

  private static List<String> delivered(SessionState state) {
    return state.queued().values().stream()
        .map(event -> ((UserEvent.Message) event).content().getFirst().toString())
        .toList();
  }

  @Test
  void beginsALogWithEverythingThatItsReaderNeeds() throws Exception {
    // Given
    cluster.withReferences();
    start();
    // When
    String uid = uid(cluster.session("review"));
    // Then
    awaitPhase(uid, Phase.IDLE);
    InternalEvent.Created created = server.state(uid).created();
    assertThat(created.sessionUid()).isEqualTo(uid);
    assertThat(created.agent().version()).isEqualTo(3);
    assertThat(created.agent().name()).isEqualTo("Reviewer");
    assertThat(created.provider().name()).isEqualTo("main");
    assertThat(created.provider().upstreamModel()).isEqualTo("claude-test");
    assertThat(created.environment().at("/spec/ephemeral").asBoolean()).isTrue();
    assertThat(created.threadId()).startsWith("sthr_");
    assertThat(status(uid).agentVersion()).isEqualTo(3);
    assertThat(status(uid).provider()).isEqualTo("main");
    assertThat(status(uid).log().head()).isEqualTo(0);
    assertThat(cluster.written()).hasSize(1);
  }

  @Test
  void waitsForReferencesAndGoesOnWhenTheyCome() throws Exception {
    // Given
    start();
    String uid = uid(cluster.session("review", "hello"));
    awaitPhase(uid, Phase.PENDING);
    // When
    cluster.withReferences();
    server.keeper.referencesChanged(FakeCluster.NAMESPACE);
    // Then
    awaitPhase(uid, Phase.RUNNING);
  }

  @Test
  void deliversMessagesInListOrderEachOnce() throws Exception {
    // Given
    cluster.withReferences();
    start();
    String uid = uid(cluster.session("review", "one", "two"));
    awaitPhase(uid, Phase.RUNNING);
    // When the spec gets one more, and is touched without need
    cluster.say(uid, "late", "three");
    cluster.change(
        uid,
        session -> {
          session.getMetadata().setGeneration(99L);
          return session;
        });
    // Then
    await("three messages").untilAsserted(() -> assertThat(server.state(uid).queued()).hasSize(3));
    assertThat(delivered(server.state(uid)))
        .satisfiesExactly(
            one -> assertThat(one).contains("one"),
            two -> assertThat(two).contains("two"),
            three -> assertThat(three).contains("three"));
    assertThat(server.state(uid).deliveredMessages()).containsExactlyInAnyOrder("m0", "m1", "late");
    assertThat(status(uid).log().tail()).contains("user: one", "user: two");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void deliversOnceThoughKilledAtAnyAppend(int nth) throws Exception {
    // Given the answer to an append is lost, and the process dies right then
    cluster.withReferences();
    store.failAppend(nth, Failure.LOST_AFTER);
    start();
    String uid = uid(cluster.session("review", "one", "two"));
    await("append " + nth).until(() -> store.appendCalls() >= nth);
    server.kill();
    // When
    start();
    // Then
    await("both messages").untilAsserted(() -> assertThat(server.state(uid).queued()).hasSize(2));
    awaitPhase(uid, Phase.RUNNING);
    assertThat(server.state(uid).deliveredMessages()).containsExactlyInAnyOrder("m0", "m1");
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void triesAgainWhenTheStoreFails(Failure failure) throws Exception {
    // Given
    cluster.withReferences();
    store.failAppend(1, failure).failAppend(2, failure).failAppend(3, failure);
    start();
    // When
    String uid = uid(cluster.session("review", "one"));
    // Then
    awaitPhase(uid, Phase.RUNNING);
    assertThat(server.state(uid).queued()).hasSize(1);
  }

  @Test
  void writesTheStatusAlthoughOthersChangeTheObject() throws Exception {
    // Given
    cluster.withReferences();
    cluster.failures.plan(Step.STATUS_CROWDED, 3);
    cluster.failures.plan(Step.STATUS, 1);
    start();
    // When
    String uid = uid(cluster.session("review", "one"));
    // Then
    awaitPhase(uid, Phase.RUNNING);
  }

  @Test
  void namesTheMessageThatCannotBeDelivered() throws Exception {
    // Given a session that has ended
    cluster.withReferences();
    start();
    String uid = uid(cluster.session("review"));
    awaitPhase(uid, Phase.IDLE);
    server
        .logs
        .of(LogKeys.of(cluster.get(uid)))
        .append(
            "end",
            null,
            state ->
                Decision.append(
                    state, List.<Event>of(new SessionEvent.StatusTerminated("sevt_end"))));
    server.keeper.appended(uid);
    awaitPhase(uid, Phase.TERMINATED);
    // When
    cluster.say(uid, "too-late", "hello?");
    // Then
    await("the condition")
        .untilAsserted(() ->
            assertThat(status(uid).conditions())
                .singleElement()
                .satisfies(condition -> {
                  assertThat(condition.getType()).isEqualTo("MessageRefused");
                  assertThat(condition.getReason()).isEqualTo("SessionEnded");
                  assertThat(condition.getMessage()).contains("too-late");
                }));
  }

  @Test
  void writesNothingWhileNothingHappens() throws Exception {
    // Given
    cluster.withReferences();
    start();
    String uid = uid(cluster.session("review", "one"));
    awaitPhase(uid, Phase.RUNNING);
    int writes = cluster.written().size();
    long appends = store.appendCalls();
    // When several rechecks pass, and the object is touched by others
    cluster.harness(uid, "pod-1");
    await("rechecks").pollDelay(Duration.ofMillis(900)).until(() -> true);
    // Then
    assertThat(cluster.written()).hasSize(writes);
    assertThat(store.appendCalls()).isEqualTo(appends);
  }

  @Test
  void writesNothingAtTheStartForSessionsThatAreUpToDate() throws Exception {
    // Given
    cluster.withReferences();
    start();
    String one = uid(cluster.session("one"));
    String two = uid(cluster.session("two", "hello"));
    awaitPhase(one, Phase.IDLE);
    awaitPhase(two, Phase.RUNNING);
    server.kill();
    int writes = cluster.written().size();
    long appends = store.appendCalls();
    // When
    start();
    // Then
    await("rechecks").pollDelay(Duration.ofMillis(700)).until(() -> true);
    assertThat(cluster.written()).hasSize(writes);
    assertThat(store.appendCalls()).isEqualTo(appends);
  }

  @Test
  void catchesUpAtTheStartWithALogThatMovedMeanwhile() throws Exception {
    // Given a status that was never written, for the process died before
    cluster.withReferences();
    cluster.failures.plan(Step.STATUS, 1000);
    start();
    String uid = uid(cluster.session("review", "one"));
    await("the log").until(() -> store.appendCalls() == 2);
    server.kill();
    cluster.failures.plan(Step.STATUS, 0);
    // When
    start();
    // Then
    awaitPhase(uid, Phase.RUNNING);
  }

  @Test
  void forgetsADeletedSessionAndBeginsAnewUnderItsName() throws Exception {
    // Given
    cluster.withReferences();
    start();
    String first = uid(cluster.session("review", "one"));
    awaitPhase(first, Phase.RUNNING);
    cluster.delete(first);
    // When
    String second = uid(cluster.session("review"));
    // Then
    awaitPhase(second, Phase.IDLE);
    assertThat(server.state(second).head()).isZero();
    assertThat(server.state(second).queued()).isEmpty();
  }

  @Test
  void doesNotHideALostLogBehindANewOne() throws Exception {
    // Given
    cluster.withReferences();
    start();
    String uid = uid(cluster.session("review"));
    awaitPhase(uid, Phase.IDLE);
    server.kill();
    store.delete(LogKeys.of(cluster.get(uid)));
    long appends = store.appendCalls();
    // When
    start();
    cluster.say(uid, "m0", "hello");
    // Then
    await("a look at it").pollDelay(Duration.ofMillis(500)).until(() -> true);
    assertThat(store.appendCalls()).isEqualTo(appends);
    assertThat(status(uid).phase()).isEqualTo("Idle");
  }

  @Test
  void anAgentThatIsDeletedDoesNotDisturbASessionThatHasBegun() throws Exception {
    // Given
    cluster.withReferences();
    start();
    String uid = uid(cluster.session("review"));
    awaitPhase(uid, Phase.IDLE);
    cluster.put(FakeCluster.provider("another"));
    server.keeper.referencesChanged(FakeCluster.NAMESPACE);
    // When
    cluster.say(uid, "m0", "hello");
    // Then
    awaitPhase(uid, Phase.RUNNING);
    assertThat(server.state(uid).created().provider().name()).isEqualTo("main");
  }

  @Test
  void twoServersKeepTheSameSessionsWithoutDoingAnythingTwice() throws Exception {
    // Given
    cluster.withReferences();
    start();
    try (InProcessServer other = new InProcessServer(cluster, reviews, store)) {
      // When
      List<String> uids =
          IntStream.range(0, 20)
              .mapToObj(i -> uid(cluster.session("s" + i, "one", "two", "three")))
              .toList();
      // Then
      for (String uid : uids) {
        awaitPhase(uid, Phase.RUNNING);
        await("all messages")
            .untilAsserted(() -> assertThat(server.state(uid).queued()).hasSize(3));
        assertThat(delivered(other.state(uid)))
            .satisfiesExactly(
                one -> assertThat(one).contains("one"),
                two -> assertThat(two).contains("two"),
                three -> assertThat(three).contains("three"));
        await("the status")
            .untilAsserted(
                () -> assertThat(status(uid).log().head()).isEqualTo(server.state(uid).head()));
      }
      assertThat(cluster.headsWentBack()).isFalse();
    }
  }

  @Test
  void aMessageListOfTheLargestSizeIsDelivered() throws Exception {
    // Given
    cluster.withReferences();
    start();
    List<SessionSpec.Message> messages =
        IntStream.range(0, 100)
            .mapToObj(i -> new SessionSpec.Message("id-" + i, "text " + i))
            .toList();
    // When
    String uid = uid(cluster.session("big", FakeCluster.NAMESPACE, messages));
    // Then
    await("all of them").untilAsserted(() -> assertThat(server.state(uid).queued()).hasSize(100));
  }
}
