package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sessions are forked, over HTTP and by objects that name their source. */
class ForksTest extends CopiesFixture {

  @Test
  void aForkHasThePastAndItsOwnFuture() throws Exception {
    // Given
    String id = talked();
    List<String> lines = lines(export(client, id));
    // When
    Answer fork = post(OURS + "/" + id + "/fork", "{'name':'other-way','seq':6}");
    // Then
    assertThat(fork.status()).as(fork.response().body()).isEqualTo(200);
    String forked = fork.json().path("id").asText();
    assertThat(forked).isNotEqualTo(id);
    assertThat(lines(export(client, forked)).subList(0, 7)).isEqualTo(lines.subList(0, 7));
    assertThat(client.get(SESSIONS + "/" + forked).json().path("status").asText())
        .isEqualTo("idle");
    assertThat(lines(export(client, id))).isEqualTo(lines);
    Answer again = post(OURS + "/" + id + "/fork", "{'name':'other-way','seq':6}");
    assertThat(again.json().path("id").asText()).isEqualTo(forked);
    assertThat(post(SESSIONS + "/" + forked + "/events", "{'events':[" + HELLO + "]}").status())
        .isEqualTo(200);
  }

  @Test
  void aForkAtARecordThatIsNotThereLeavesNothing() {
    // Given
    String id = talked();
    // When
    Answer fork = post(OURS + "/" + id + "/fork", "{'name':'other-way','seq':99}");
    // Then
    assertError(fork, 400, "invalid_request_error", "has no such record: its last one is");
    assertThat(cluster.otherSession(FakeCluster.NAMESPACE, "other-way")).isEmpty();
  }

  @Test
  void aSessionObjectMayBeAFork() {
    // Given
    String id = talked();
    Session source = cluster.get(uid(id));
    LogRecord last =
        server
            .logs
            .of(dev.rouse.server.resource.LogKeys.of(source))
            .read(0, Integer.MAX_VALUE)
            .filter(it -> it.event() instanceof dev.rouse.session.AgentEvent.Message)
            .findFirst()
            .orElseThrow();
    // When
    Session fork =
        cluster.session("fork", forkOf(source.getMetadata().getName(), null, last.event().id()));
    // Then
    String forked = fork.getMetadata().getUid();
    await("the fork rests")
        .untilAsserted(() ->
            assertThat(ServerPart.of(cluster.get(forked)).phase()).isEqualTo(Phase.IDLE.title()));
    assertThat(server.state(forked).transcript().getLast()).isEqualTo(last.event());
    assertThat(server.state(forked).home()).isEqualTo(forked);
    assertThat(server.state(forked).openSpan()).isNull();
  }

  @Test
  void aSessionObjectThatCannotBeAForkSaysWhy() {
    // Given
    Session source = cluster.get(uid(talked()));
    // When
    Session fork = cluster.session("fork", forkOf(source.getMetadata().getName(), 99L, null));
    // Then
    await("the condition")
        .untilAsserted(() ->
            assertThat(ServerPart.of(cluster.get(fork.getMetadata().getUid())).conditions())
                .anySatisfy(condition -> {
                  assertThat(condition.getType()).isEqualTo(ServerPart.FORK_REFUSED);
                  assertThat(condition.getReason()).isEqualTo("RecordNotFound");
                }));
  }

  @Test
  void aForkWaitsForItsSource() {
    // Given
    Session fork = cluster.session("fork", forkOf("late", null, null));
    await("it is looked at")
        .until(() -> ServerPart.of(cluster.get(fork.getMetadata().getUid())).phase() != null);
    // When
    cluster.session("late");
    // Then
    await("the fork rests")
        .untilAsserted(() ->
            assertThat(ServerPart.of(cluster.get(fork.getMetadata().getUid())).phase())
                .isEqualTo(Phase.IDLE.title()));
  }

  private static SessionSpec forkOf(String source, Long seq, String event) {
    return new SessionSpec(
        new SessionSpec.AgentRef("reviewer", null),
        new SessionSpec.EnvironmentRef("sandbox"),
        null,
        Map.of(),
        List.of(),
        null,
        null,
        null,
        new SessionSpec.ForkFrom(source, seq, event));
  }
}
