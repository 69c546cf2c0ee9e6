package dev.rouse.server;

import static dev.rouse.server.TwoServers.SESSIONS;
import static dev.rouse.server.TwoServers.id;
import static dev.rouse.server.TwoServers.uidOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.WireIds;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogTooNew;
import dev.rouse.server.PlannedFailures.Step;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.session.Phase;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions are deleted through their log: nothing that was acknowledged goes unsaid. */
class DeletionTest {

  private TwoServers servers;
  private FakeCluster cluster;

  @BeforeEach
  void start() throws IOException {
    servers = new TwoServers();
    cluster = servers.cluster;
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  private static Answer delete(TestClient client, String id) {
    return client.method("DELETE", SESSIONS + "/" + id);
  }

  @Test
  void aMessageTakenInAtTheLastMomentKeepsTheSession() {
    // Given: another server acknowledges it behind the judgement
    String id = servers.made();
    List<Answer> sent = new CopyOnWriteArrayList<>();
    servers.store.before(
        commit -> commit.appendId().startsWith("delete"),
        () -> sent.add(servers.send(servers.two, id)));
    // When
    Answer deleted = delete(servers.one, id);
    // Then
    assertThat(sent).extracting(Answer::status).containsExactly(200);
    assertThat(deleted.status()).isEqualTo(400);
    assertThat(deleted.json().at("/error/message").asText())
        .contains("running", "before it can be deleted");
    assertThat(servers.types(id)).contains("rouse.received");
    assertThat(servers.server.state(uidOf(id)).phase()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void aMessageToALogThatIsDeletedAtThisMomentFindsNoSession() {
    // Given: another server removes it between the look and the append
    String id = servers.made();
    LogKey log = LogKeys.of(cluster.get(uidOf(id)));
    servers.store.before(
        commit -> commit.appendId().startsWith("send"), () -> servers.memory.delete(log));
    // When
    Answer late = servers.send(servers.one, id);
    // Then
    assertThat(late.status()).as(late.response().body()).isEqualTo(404);
    assertThat(late.json().at("/error/message").asText()).contains("deleted");
    assertThat(servers.memory.totalBytes()).isZero();
  }

  @Test
  void aServerThatDiesOnTheWayLeavesAnEndedSessionThatCanBeDeleted() {
    // Given
    String id = servers.made();
    cluster.failures.plan(Step.DELETE, 1);
    Answer died = delete(servers.one, id);
    Answer sent = servers.send(servers.two, id);
    String status = servers.two.get(SESSIONS + "/" + id).json().path("status").asText();
    // When
    Answer again = delete(servers.two, id);
    // Then
    assertThat(died.status()).isEqualTo(503);
    assertThat(sent.status()).isEqualTo(400);
    assertThat(status).isEqualTo("terminated");
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertThat(cluster.get(uidOf(id))).isNull();
    assertThat(servers.memory.totalBytes()).isZero();
  }

  @Tag("contract-session-delete")
  @Test
  void everyStreamOfEveryServerIsToldOnce() {
    // Given
    String id = servers.made();
    String stream = SESSIONS + "/" + id + "/events/stream";
    try (TestClient.Feed here = servers.one.open(stream);
        TestClient.Feed there = servers.two.open(stream)) {
      await("open")
          .until(
              () -> here.lines().contains(": connected") && there.lines().contains(": connected"));
      // When
      delete(servers.one, id);
      // Then
      for (TestClient.Feed feed : List.of(here, there)) {
        await("ended").until(feed::hasEnded);
        assertThat(feed.types()).endsWith("session.deleted").containsOnlyOnce("session.deleted");
      }
      assertThat(here.types())
          .containsExactly(
              "session.thread_status_terminated", "session.status_terminated", "session.deleted");
    }
  }

  @Tag("contract-sse-end")
  @Test
  void anArchivedSessionIsDeletedAndItsStreamsAreTold() {
    // Given
    String id = servers.made();
    servers.one.method("POST", SESSIONS + "/" + id + "/archive");
    try (TestClient.Feed feed = servers.two.open(SESSIONS + "/" + id + "/events/stream")) {
      await("open").until(() -> feed.lines().contains(": connected"));
      // When
      Answer deleted = delete(servers.one, id);
      // Then
      assertThat(deleted.status()).as(deleted.response().body()).isEqualTo(200);
      await("ended").until(feed::hasEnded);
      assertThat(feed.types()).containsExactly("session.deleted");
    }
    assertThat(cluster.get(uidOf(id))).isNull();
  }

  @Test
  void aSessionWhoseLogIsGoneIsDeleted() {
    // Given
    String id = servers.made();
    servers.memory.delete(LogKeys.of(cluster.get(uidOf(id))));
    // When
    Answer deleted = delete(servers.one, id);
    // Then
    assertThat(deleted.status()).as(deleted.response().body()).isEqualTo(200);
    assertThat(cluster.get(uidOf(id))).isNull();
  }

  static Stream<LogException> unreadable() {
    return Stream.of(new LogCorrupt("planned", null), new LogTooNew("planned", null));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void aSessionWhoseLogCannotBeReadIsDeleted(LogException failure) {
    // Given
    String id = servers.made();
    servers.store.unreadable(failure);
    // When
    Answer deleted = delete(servers.one, id);
    // Then
    assertThat(deleted.status()).as(deleted.response().body()).isEqualTo(200);
    assertThat(cluster.get(uidOf(id))).isNull();
    assertThat(servers.memory.totalBytes()).isZero();
  }

  @Test
  void aSessionThatCannotBeAskedAboutStays() {
    // Given
    String id = servers.made();
    servers.memory.failReads(true);
    // When
    Answer deleted = delete(servers.one, id);
    // Then
    assertThat(deleted.status()).isEqualTo(503);
    assertThat(cluster.get(uidOf(id))).isNotNull();
  }

  @Test
  void aPolicyOfTheClusterIsTold() {
    // Given
    String id = servers.made();
    cluster.failures.answerWith(403);
    cluster.failures.plan(Step.DELETE, 1);
    // When
    Answer deleted = delete(servers.one, id);
    // Then
    assertThat(deleted.status()).isEqualTo(403);
    assertThat(deleted.json().at("/error/message").asText()).contains("the cluster refused");
  }

  @Test
  void aSessionThatNeverBeganIsDeleted() {
    // Given
    cluster.without("Agent/reviewer");
    String uid = cluster.session("review", "hello").getMetadata().getUid();
    // When
    Answer deleted = delete(servers.one, WireIds.session(uid));
    // Then
    assertThat(deleted.status()).as(deleted.response().body()).isEqualTo(200);
    assertThat(cluster.get(uid)).isNull();
  }

  @Test
  void aSessionThatCouldBeginAtAnyMomentIsJudgedByItsLog() {
    // Given: what it refers to has come, and no server has noticed
    cluster.without("Agent/reviewer");
    String id = WireIds.session(cluster.session("review").getMetadata().getUid());
    await("it waits")
        .until(() ->
            cluster.get(uidOf(id)).getStatus() != null
                && "Pending".equals(cluster.get(uidOf(id)).getStatus().phase()));
    cluster.put(FakeCluster.agent("reviewer"));
    List<Answer> sent = new CopyOnWriteArrayList<>();
    servers.store.before(
        commit -> commit.appendId().startsWith("delete"),
        () -> sent.add(servers.send(servers.two, id)));
    // When
    Answer deleted = delete(servers.one, id);
    // Then
    assertThat(sent).extracting(Answer::status).containsExactly(200);
    assertThat(deleted.status()).as(deleted.response().body()).isEqualTo(400);
    assertThat(servers.types(id)).contains("rouse.created", "rouse.received");
  }

  // --- changes of title and agent together ---

  @Test
  void whatTheSessionBeginsToDoBetweenTheTwoWritesTakesTheWholeChangeBack() {
    // Given
    String id = servers.made();
    cluster.afterNextChange(() -> servers.send(servers.two, id));
    // When
    Answer answer =
        TwoServers.post(
            servers.one,
            SESSIONS + "/" + id,
            "{'title':'Two','metadata':{'a':'1'},'agent':{'tools':[]}}");
    // Then
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/error/message").asText()).contains("running");
    assertThat(cluster.get(uidOf(id)).getSpec().title()).isEqualTo("One");
    assertThat(cluster.get(uidOf(id)).getSpec().metadata()).isEmpty();
    await("the log says so").until(() -> "One".equals(servers.server.state(uidOf(id)).title()));
    assertThat(servers.one.get(SESSIONS + "/" + id).json().at("/agent/tools").size()).isOne();
  }

  @Test
  void aTitleOfSomebodyElseKeepsTheAgent() {
    // Given
    String id = servers.made();
    cluster.owns(uidOf(id), "spec.title", "kustomize-controller");
    // When
    Answer answer =
        TwoServers.post(servers.one, SESSIONS + "/" + id, "{'title':'Two','agent':{'tools':[]}}");
    // Then
    assertThat(answer.status()).isEqualTo(409);
    assertThat(servers.one.get(SESSIONS + "/" + id).json().at("/agent/tools").size()).isOne();
    assertThat(servers.types(id)).doesNotContain("session.updated");
  }

  @Test
  void aChangeThatIsRepeatedAfterACrashIsWhole() {
    // Given: title written, and the log not to be reached by the caller's change
    String id = servers.made();
    servers.store.before(
        commit -> commit.appendId().startsWith("update") && commit.principal() != null,
        () -> {
          throw new dev.rouse.log.LogUnavailable("planned", null);
        });
    String change = "{'title':'Two','agent':{'tools':[]}}";
    Answer died = TwoServers.post(servers.one, SESSIONS + "/" + id, change);
    // When
    Answer again = TwoServers.post(servers.two, SESSIONS + "/" + id, change);
    // Then
    assertThat(died.status()).isEqualTo(503);
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertThat(again.json().path("title").asText()).isEqualTo("Two");
    assertThat(again.json().at("/agent/tools").size()).isZero();
    assertThat(id(again)).isEqualTo(id);
  }
}
