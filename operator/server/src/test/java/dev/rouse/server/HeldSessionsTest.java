package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.log.Head;
import dev.rouse.log.LogKey;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.PlannedFailures.Step;
import dev.rouse.server.resource.LogKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where owner references do not reach the logs, an object is held until its log is removed. */
class HeldSessionsTest {

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final InMemoryLogStore store = new InMemoryLogStore();
  private final List<InProcessServer> servers = new ArrayList<>();

  private InProcessServer start(boolean holding) throws IOException {
    InProcessServer server =
        new InProcessServer(
            cluster,
            new FakeReviews(),
            store,
            Duration.ofMillis(200),
            Duration.ofMillis(300),
            holding);
    servers.add(server);
    return server;
  }

  @AfterEach
  void stop() {
    servers.forEach(InProcessServer::close);
  }

  private static List<String> finalizers(Session session) {
    return session.getMetadata().getFinalizers();
  }

  private String begun(String name) {
    String uid = cluster.session(name, "hello").getMetadata().getUid();
    await("the log begins")
        .untilAsserted(
            () -> assertThat(store.head(LogKeys.of(cluster.get(uid))).seq()).isNotNegative());
    return uid;
  }

  private void awaitGone(String uid) {
    await("the object goes").untilAsserted(() -> assertThat(cluster.get(uid)).isNull());
  }

  @Test
  void theObjectIsHeldBeforeItsLogBegins() throws IOException {
    // Given
    start(true);
    cluster.failures.plan(Step.FINALIZERS, 2);
    // When
    String uid = begun("review");
    // Then
    assertThat(finalizers(cluster.get(uid))).containsExactly(Rouse.LOG_FINALIZER);
  }

  @Test
  void aLogInConfigMapsNeedsNoHold() throws IOException {
    // Given
    start(false);
    // When
    String uid = begun("review");
    // Then
    assertThat(finalizers(cluster.get(uid))).isEmpty();
  }

  @Test
  void theObjectGoesAfterItsLog() throws IOException {
    // Given
    start(true);
    String uid = begun("review");
    LogKey key = LogKeys.of(cluster.get(uid));
    // When
    cluster.leave(uid);
    // Then
    awaitGone(uid);
    assertThat(store.head(key)).isEqualTo(Head.NONE);
  }

  @Test
  void whatFailsIsDoneAgainUntilTheObjectIsGone() throws IOException {
    // Given
    start(true);
    String uid = begun("review");
    cluster.failures.plan(Step.FINALIZERS, 3);
    // When
    cluster.leave(uid);
    // Then
    awaitGone(uid);
  }

  @Test
  void theHoldsOfOthersStay() throws IOException {
    // Given
    start(true);
    Session session = cluster.session("review", "hello");
    String uid = session.getMetadata().getUid();
    await("the object is held")
        .untilAsserted(
            () -> assertThat(finalizers(cluster.get(uid))).contains(Rouse.LOG_FINALIZER));
    cluster.change(
        uid,
        it -> {
          it.getMetadata().setFinalizers(List.of("example.com/theirs", Rouse.LOG_FINALIZER));
          return it;
        });
    // When
    cluster.leave(uid);
    // Then
    await("ours is gone")
        .untilAsserted(
            () -> assertThat(finalizers(cluster.get(uid))).containsExactly("example.com/theirs"));
  }

  @Test
  void aServerThatWasAwayFindsWhatIsToGo() throws IOException {
    // Given
    InProcessServer first = start(true);
    String uid = begun("review");
    LogKey key = LogKeys.of(cluster.get(uid));
    first.kill();
    cluster.leave(uid);
    // When
    start(true);
    // Then
    awaitGone(uid);
    assertThat(store.head(key)).isEqualTo(Head.NONE);
  }

  @Test
  void whatAnUninstalledReleaseLetGoIsHeldAgain() throws IOException {
    // Given a session that rests: nothing else draws attention to it
    InProcessServer first = start(true);
    String uid = cluster.session("review").getMetadata().getUid();
    await("the log begins")
        .untilAsserted(
            () -> assertThat(store.head(LogKeys.of(cluster.get(uid))).seq()).isNotNegative());
    first.kill();
    cluster.change(
        uid,
        it -> {
          it.getMetadata().setFinalizers(List.of());
          return it;
        });
    // When
    start(true);
    // Then
    await("it is held again")
        .untilAsserted(
            () -> assertThat(finalizers(cluster.get(uid))).containsExactly(Rouse.LOG_FINALIZER));
  }

  @Test
  void anObjectWithoutALogGoesToo() throws IOException {
    // Given
    Session session = cluster.session("review", "hello");
    String uid = session.getMetadata().getUid();
    cluster.change(
        uid,
        it -> {
          it.getMetadata().setFinalizers(List.of(Rouse.LOG_FINALIZER));
          return it;
        });
    cluster.leave(uid);
    // When a server of another store comes
    start(false);
    // Then
    awaitGone(uid);
    assertThat(store.appendCalls()).isZero();
  }
}
