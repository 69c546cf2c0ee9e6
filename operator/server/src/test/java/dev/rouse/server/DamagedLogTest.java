package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogTooNew;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.ServerPart;
import io.fabric8.kubernetes.api.model.Condition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody changed or removed a part of a log: people are told, and nothing is built upon it. */
class DamagedLogTest {

  private static final LogCorrupt DAMAGE =
      new LogCorrupt("ConfigMap a/b was changed. Restore it, or delete the Session", null);

  private TwoServers servers;

  @BeforeEach
  void start() throws IOException {
    servers = new TwoServers();
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  private List<Condition> conditions(String id) {
    return ServerPart.of(servers.cluster.get(TwoServers.uidOf(id))).conditions();
  }

  private void awaitCondition(String id, String type, String reason) {
    await("condition " + type)
        .untilAsserted(() ->
            assertThat(conditions(id))
                .filteredOn(it -> it.getType().equals(type))
                .singleElement()
                .returns(reason, Condition::getReason));
  }

  private void awaitHealed(String id) {
    await("no condition is left")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(conditions(id)).isEmpty());
  }

  @Test
  void whoeverFindsTheDamageTheStatusTellsItUntilTheLogIsWholeAgain() {
    // Given
    String id = servers.made();
    servers.store.unreadable(DAMAGE);

    // When
    Answer history = servers.one.get(TwoServers.SESSIONS + "/" + id + "/events");
    Answer sent = servers.send(servers.one, id);

    // Then
    for (Answer refused : List.of(history, sent)) {
      assertThat(refused.status()).isEqualTo(500);
      assertThat(refused.header("x-should-retry")).contains("false");
      assertThat(refused.json().at("/error/message").asText()).isEqualTo(DAMAGE.getMessage());
    }
    awaitCondition(id, ServerPart.LOG_CORRUPT, "Damaged");
    assertThat(conditions(id)).first().returns(DAMAGE.getMessage() + ".", Condition::getMessage);
    servers.store.unreadable(null);
    awaitHealed(id);
    assertThat(servers.send(servers.one, id).status()).isEqualTo(200);
  }

  @Test
  void aLogThatSomebodyTookAwayIsTold() {
    // Given
    String id = servers.made();
    await("the status names what record 0 pinned")
        .until(() -> servers.cluster.get(TwoServers.uidOf(id)).getStatus().provider() != null);

    // When
    servers.memory.delete(LogKeys.of(servers.cluster.get(TwoServers.uidOf(id))));

    // Then
    awaitCondition(id, ServerPart.LOG_CORRUPT, "Missing");
    assertThat(conditions(id).getFirst().getMessage()).contains("Restore it");
    for (Answer refused :
        List.of(
            servers.send(servers.one, id),
            servers.one.get(TwoServers.SESSIONS + "/" + id + "/events"))) {
      assertThat(refused.status()).isEqualTo(500);
      assertThat(refused.header("x-should-retry")).contains("false");
      assertThat(refused.json().at("/error/message").asText()).contains("Restore it");
    }
  }

  @Tag("failure-25")
  @Test
  void afterAnUpgradeTheWordsAboutTheOldVersionGo() throws IOException {
    // Given
    String id = servers.made();
    servers.store.unreadable(new LogTooNew("planned", null));
    servers.send(servers.one, id);
    servers.cluster.say(TwoServers.uidOf(id), "more", "one more");
    awaitCondition(id, ServerPart.NEEDS_NEWER_VERSION, "UnknownFormat");

    // When
    servers.store.unreadable(null);
    FakeReviews nobody = new FakeReviews();
    try (InProcessServer upgraded = new InProcessServer(servers.cluster, nobody, servers.store)) {

      // Then
      assertThat(upgraded.state(TwoServers.uidOf(id)).exists()).isTrue();
      awaitHealed(id);
    }
  }
}
