package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Phase;
import dev.rouse.session.StopReason;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions are changed, archived and deleted over HTTP (contract §1.5, §2.3). */
class SessionChangesTest extends SessionsApiFixture {

  // --- changes ---

  @Tag("contract-session-update")
  @Test
  void anUpdateSaysWhatChangedBeforeItAnswers() {
    // Given
    String id = made(",'title':'One','metadata':{'a':'1','b':'2'}");
    // When
    Answer answer = post(SESSIONS + "/" + id, "{'title':'Two','metadata':{'b':null,'c':'3'}}");
    // Then
    assertThat(answer.json().path("title").asText()).isEqualTo("Two");
    assertThat(answer.json().path("metadata").toString()).contains("\"a\":\"1\"", "\"c\":\"3\"");
    assertThat(answer.json().path("metadata").has("b")).isFalse();
    JsonNode updated =
        client
            .get(SESSIONS + "/" + id + "/events?types[]=session.updated".replace("[]", "%5B%5D"))
            .json()
            .path("data");
    assertThat(updated.size()).isEqualTo(1);
    assertThat(updated.get(0).path("title").asText()).isEqualTo("Two");
    assertThat(updated.get(0).path("metadata").size()).isEqualTo(2);
    assertThat(updated.get(0).has("agent")).isFalse();
  }

  @Tag("contract-session-update")
  @Test
  void anUpdateThatChangesNothingSaysNothing() {
    // Given
    String id = made(",'title':'One','metadata':{'a':'1'}");
    cluster.owns(uid(id), "spec.title", "flux");
    // When
    Answer answer =
        post(SESSIONS + "/" + id, "{'title':'One','metadata':{'a':'1','z':null},'agent':{}}");
    // Then
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    assertThat(types(id)).containsExactly("rouse.created");
  }

  @Test
  void whatKubectlChangesIsSaidAsWell() {
    // Given
    String uid = cluster.session("review").getMetadata().getUid();
    await("begun").until(() -> server.state(uid).exists());
    // When
    cluster.edit(
        uid,
        spec ->
            new SessionSpec(
                spec.agentRef(),
                spec.environmentRef(),
                "By hand",
                Map.of(),
                spec.messages(),
                spec.suspend()));
    // Then
    await("the log knows").until(() -> "By hand".equals(server.state(uid).title()));
    assertThat(server.state(uid).metadata()).isEmpty();
    assertThat(types(WireIds.session(uid))).containsOnlyOnce("session.updated");
  }

  @Test
  void aFieldOfSomebodyElseIsNotTaken() {
    // Given
    String id = made(",'title':'One'");
    cluster.owns(uid(id), "spec.title", "kustomize-controller");
    // When
    Answer answer = post(SESSIONS + "/" + id, "{'title':'Two'}");
    // Then
    assertError(answer, 409, "conflict_error", "kustomize-controller");
    assertThat(answer.header("x-should-retry")).contains("false");
    assertThat(types(id)).doesNotContain("session.updated");
  }

  @Tag("contract-session-update-agent")
  @Test
  void theToolsOfARestingSessionAreReplacedWithoutTouchingTheAgent() {
    // Given
    String id = made("");
    // When
    Answer answer = post(SESSIONS + "/" + id, "{'agent':{'tools':[],'mcp_servers':[]}}");
    // Then
    assertThat(answer.json().at("/agent/tools").size()).isZero();
    assertThat(answer.json().at("/agent/system").asText()).isEqualTo("Review.");
    JsonNode event =
        client
            .get(SESSIONS + "/" + id + "/events?types%5B%5D=session.updated")
            .json()
            .at("/data/0");
    assertThat(event.at("/agent/tools").isArray()).isTrue();
    assertThat(event.at("/agent/execution_identity/type").asText()).isEqualTo("service_account");
    assertThat(event.has("title")).isFalse();
  }

  @Tag("contract-session-update-agent")
  @Tag("contract-session-update")
  @Test
  void anUpdateSaysAllThatItChangedAndNothingElse() {
    // Given
    String id = made(",'title':'One','metadata':{'a':'1'}");
    // When
    post(SESSIONS + "/" + id, "{'title':'Two','metadata':{'b':'2'}}");
    post(SESSIONS + "/" + id, "{'title':'Two','metadata':{'b':'2'},'agent':{'tools':null}}");
    post(SESSIONS + "/" + id, "{'title':'','metadata':{'a':null,'b':null}}");
    // Then
    JsonNode said =
        client.get(SESSIONS + "/" + id + "/events?types%5B%5D=session.updated").json().path("data");
    assertThat(said).hasSize(3);
    assertThat(said.get(0).path("title").asText()).isEqualTo("Two");
    assertThat(said.get(0).path("metadata")).as("the whole bag").hasSize(2);
    assertThat(said.get(0).has("agent")).isFalse();
    assertThat(said.at("/1/agent/tools")).isEmpty();
    assertThat(said.at("/1/agent/id").asText()).as("the whole snapshot").isEqualTo(agent);
    assertThat(said.get(1).has("title") || said.get(1).has("metadata")).isFalse();
    for (String cleared : new String[] {"title", "metadata", "agent", "budget"}) {
      assertThat(said.get(2).has(cleared)).as(cleared).isFalse();
    }
    JsonNode session = client.get(SESSIONS + "/" + id).json();
    assertThat(session.has("title") && session.path("title").isNull()).isTrue();
    assertThat(session.path("metadata")).isEmpty();
  }

  @Tag("contract-session-update-vaults")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'vault_ids':['vlt_x']}|vault_ids: cannot change",
        "{'vault_ids':[]}|vault_ids: cannot change",
        "{'agent':{'mcp_servers':[{'type':'url','name':'x','url':'https://x.example'}]}}|agent.mcp_servers: ",
        "{'agent':{'tools':[{'type':'mcp_toolset','mcp_server_name':'x'}]}}|agent.tools.0.type: MCP servers",
        "{'agent':{'model':'other'}}|agent.model: there is no such field here",
        "{'agent':'agent_x'}|agent: must be an object",
        "{'environment_id':'env_x'}|environment_id: there is no such field here",
        "{'metadata':{'a':1}}|metadata.a: must be a string",
      })
  void whatNobodyCanChangeIsNamedAndNothingChanges(String change, String message) {
    // Given
    String id = made(",'title':'One'");
    // When
    Answer answer = post(SESSIONS + "/" + id, "{'title':'Two'," + change.substring(1));
    // Then
    assertError(answer, 400, "invalid_request_error", message);
    assertThat(types(id)).containsExactly("rouse.created");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null"})
  void mcpServersThatNobodyHasCanBeCleared(String nothing) {
    // Given
    String id = made("");
    // When
    Answer answer = post(SESSIONS + "/" + id, "{'agent':{'mcp_servers':" + nothing + "}}");
    // Then
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    assertThat(types(id)).containsExactly("rouse.created");
  }

  @Tag("contract-session-update-agent")
  @Test
  void theAgentOfAWorkingSessionStays() {
    // Given
    String id = made(",'initial_events':[" + HELLO + "]");
    // When
    Answer answer = post(SESSIONS + "/" + id, "{'title':'Two','agent':{'tools':[]}}");
    // Then
    assertError(answer, 400, "invalid_request_error", "running");
    assertThat(client.get(SESSIONS + "/" + id).json().path("title").isNull()).isTrue();
  }

  @Tag("contract-session-archive")
  @Tag("contract-state-terminated")
  @Test
  void archivingEndsARestingSessionOnce() {
    // Given
    String id = made("");
    // When
    Answer first = client.method("POST", SESSIONS + "/" + id + "/archive");
    Answer again = client.method("POST", SESSIONS + "/" + id + "/archive");
    // Then
    assertThat(first.json().path("status").asText()).isEqualTo("terminated");
    assertThat(first.json().path("archived_at").asText())
        .isEqualTo(first.json().path("updated_at").asText());
    assertThat(again.json().path("archived_at")).isEqualTo(first.json().path("archived_at"));
    assertThat(types(id)).containsOnlyOnce("session.status_terminated");
    assertThat(cluster.get(uid(id)).getSpec().isToBeArchived()).isTrue();
    assertError(
        post(SESSIONS + "/" + id, "{'title':'Two'}"), 400, "invalid_request_error", "has ended");
    assertError(
        post(SESSIONS + "/" + id + "/events", "{'events':[" + HELLO + "]}"),
        400,
        "invalid_request_error",
        "has ended");
  }

  @Tag("contract-session-archive")
  @Tag("contract-session-delete")
  @Test
  void aWorkingSessionIsNeitherArchivedNorDeleted() {
    // Given
    String id = made(",'initial_events':[" + HELLO + "]");
    // When
    Answer archived = client.method("POST", SESSIONS + "/" + id + "/archive");
    Answer deleted = client.method("DELETE", SESSIONS + "/" + id);
    // Then
    assertError(archived, 400, "invalid_request_error", "running");
    assertError(deleted, 400, "invalid_request_error", "running");
    assertThat(server.state(uid(id)).phase()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void archivingByHandWaitsForTheTurn() {
    // Given
    String uid = cluster.session("review", "hello").getMetadata().getUid();
    await("runs").until(() -> server.state(uid).phase() == Phase.RUNNING);
    cluster.edit(
        uid,
        spec ->
            new SessionSpec(
                spec.agentRef(),
                spec.environmentRef(),
                spec.title(),
                spec.metadata(),
                spec.messages(),
                spec.suspend(),
                null,
                true));
    await("the condition says so")
        .until(() ->
            cluster.get(uid).getStatus() != null
                && cluster.get(uid).getStatus().conditions().stream()
                    .anyMatch(it -> it.getType().equals("ArchiveWaits")));
    cluster.harness(uid, "pod-1");
    // When
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid)) {
      assertThat(brain.wake().status()).isEqualTo(200);
      Answer turn = brain.turn("turn", FakeBrain.queued(brain.records(0)), "hi");
      assertThat(turn.status()).as(turn.response().body()).isEqualTo(200);
    }
    // Then
    await("ended")
        .untilAsserted(() ->
            assertThat(types(WireIds.session(uid)))
                .as(cluster.get(uid).toString())
                .contains("session.status_terminated"));
    await("the condition goes")
        .until(() ->
            "Terminated".equals(cluster.get(uid).getStatus().phase())
                && cluster.get(uid).getStatus().conditions().isEmpty());
  }

  @Tag("contract-deletion")
  @Tag("contract-session-delete")
  @Test
  void aDeletedSessionEndsItsStreamsWithAWord() {
    // Given
    String id = made("");
    try (TestClient.Feed feed = client.open(SESSIONS + "/" + id + "/events/stream")) {
      await("open").until(() -> feed.lines().contains(": connected"));
      // When
      Answer answer = client.method("DELETE", SESSIONS + "/" + id);
      // Then
      assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
      assertThat(answer.json().path("type").asText()).isEqualTo("session_deleted");
      assertThat(answer.json().path("id").asText()).isEqualTo(id);
      await("ended").until(feed::hasEnded);
      assertThat(feed.types())
          .containsExactly(
              "session.thread_status_terminated", "session.status_terminated", "session.deleted");
    }
    assertThat(client.get(SESSIONS + "/" + id).status()).isEqualTo(404);
    assertThat(cluster.get(uid(id))).isNull();
    assertThat(client.method("DELETE", SESSIONS + "/" + id).status()).isEqualTo(404);
  }

  @Tag("contract-session-usage")
  @Test
  void whatItCostsInTimeIsShown() {
    // Given
    String id = made(",'initial_events':[" + HELLO + "]");
    cluster.harness(uid(id), "pod-1");
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid(id))) {
      brain.wake();
      brain.turn("turn", FakeBrain.queued(brain.records(0)), "hi");
    }
    // When
    JsonNode body = client.get(SESSIONS + "/" + id).json();
    // Then
    assertThat(body.at("/stats/active_seconds").isNumber()).isTrue();
    assertThat(body.at("/usage/input_tokens").asLong()).isEqualTo(100);
    assertThat(server.state(uid(id)).stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(EventCodec.timestamp(server.state(uid(id)).lastAt()))
        .isEqualTo(body.path("updated_at").asText());
  }
}
