package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.PlannedFailures.Step;
import dev.rouse.server.TestClient.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions are made over HTTP: whole, or not at all. */
class SessionCreationTest extends SessionsApiFixture {

  @Tag("contract-session-initial")
  @Tag("contract-state-born")
  @Test
  void aSessionIsMadeWithItsFirstEventsInOneCommit() {
    // When
    Answer answer =
        create(
            ",'title':'Fix the Build!','metadata':{'team':'a'},'initial_events':["
                + HELLO
                + ","
                + HELLO
                + "]");
    // Then
    JsonNode body = answer.json();
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    assertThat(body.path("status").asText()).isEqualTo("running");
    assertThat(body.path("title").asText()).isEqualTo("Fix the Build!");
    assertThat(body.at("/metadata/team").asText()).isEqualTo("a");
    assertThat(body.at("/agent/id").asText()).isEqualTo(agent);
    assertThat(body.path("environment_id").asText()).isEqualTo(environment);
    assertThat(body.has("initial_events")).isFalse();
    Session object = cluster.get(uid(body.path("id").asText()));
    assertThat(object.getMetadata().getName()).matches("fix-the-build-[a-z0-9]{8}");
    assertThat(object.getMetadata().getAnnotations()).doesNotContainKey(Rouse.CREATING_ANNOTATION);
    assertThat(types(body.path("id").asText()))
        .containsExactly(
            "rouse.created",
            "rouse.received",
            "rouse.received",
            "session.status_running",
            "session.thread_status_running",
            "user.message",
            "user.message");
    assertThat(store.appendCalls()).isEqualTo(1);
  }

  @Tag("contract-session-initial")
  @Tag("contract-state-born")
  @Test
  void aSessionWithoutFirstEventsIsIdleAndGetsAWorkingLog() {
    // When
    String id = made(",'initial_events':[],'resources':[],'vault_ids':null,'budget':null");
    // Then
    assertThat(client.get(SESSIONS + "/" + id).json().path("status").asText()).isEqualTo("idle");
    await("the status says so")
        .until(() ->
            cluster.get(uid(id)).getStatus() != null
                && "Idle".equals(cluster.get(uid(id)).getStatus().phase()));
  }

  @Tag("contract-session-agent")
  @Tag("contract-session-fields")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'environment_id':'ENV'}|400|agent: is required",
        "{'agent':'AGENT'}|400|environment_id: is required",
        "{'agent':'agent_4ER8Yr7kTzWmUGLyPDNkZn','environment_id':'ENV'}|404|no agent agent_4ER8Yr7kTzWmUGLyPDNkZn",
        "{'agent':'AGENT','environment_id':'env_x'}|404|no environment env_x",
        "{'agent':{'type':'agent'},'environment_id':'ENV'}|400|agent.id: is required",
        "{'agent':{'type':'robot','id':'AGENT'},'environment_id':'ENV'}|400|agent.type: must be agent or agent_with_overrides",
        "{'agent':{'type':'agent','id':'AGENT','model':'m'},'environment_id':'ENV'}|400|agent.model: there is no such field here",
        "{'agent':{'type':'agent','id':'AGENT','version':0},'environment_id':'ENV'}|400|agent.version: must be a whole number from 1",
        "{'agent':{'type':'agent','id':'AGENT','version':9},'environment_id':'ENV'}|400|no version 9",
        "{'agent':'AGENT','environment_id':'ENV','budget':{'type':'limit'}}|400|budget.max_list_cost: is required",
        "{'agent':'AGENT','environment_id':'ENV','resources':[{}]}|400|resources: session resources are not available yet",
        "{'agent':'AGENT','environment_id':'ENV','vault_ids':['v']}|400|vault_ids: vaults are not available yet",
        "{'agent':'AGENT','environment_id':'ENV','titel':'x'}|400|titel: there is no such field here",
        "{'agent':'AGENT','environment_id':'ENV','metadata':{'a':1}}|400|metadata.a: must be a string",
        "{'agent':'AGENT','environment_id':'ENV','initial_events':[{'type':'user.message','content':[]}]}|400|initial_events.0.content",
      })
  void whatIsWrongIsNamedAndLeavesNothing(String body, int status, String message) {
    // When
    Answer answer = post(SESSIONS, body);
    // Then
    assertError(
        answer, status, status == 404 ? "not_found_error" : "invalid_request_error", message);
    assertThat(cluster.sessions()).isEmpty();
  }

  @Tag("contract-session-fields")
  @ParameterizedTest
  @CsvSource({
    "256,16,64,512,''",
    "257,16,64,512,title: must have 0 to 256 characters",
    "256,17,64,512,'metadata: may have at most 16 pairs, has 17'",
    "256,16,65,512,a key may have at most 64 characters",
    "256,16,64,513,must have 0 to 512 characters",
  })
  void titleAndMetadataHaveTheirLimits(int title, int pairs, int key, int value, String problem) {
    // Given
    Map<String, String> metadata = new HashMap<>(Map.of("k".repeat(key), "v".repeat(value)));
    for (int i = 1; i < pairs; i++) {
      metadata.put("k" + i, "");
    }
    Map<String, Object> body =
        Map.of(
            "agent", agent,
            "environment_id", environment,
            "title", "t".repeat(title),
            "metadata", metadata);
    // When
    Answer answer = client.post(SESSIONS, body);
    // Then
    if (problem.isEmpty()) {
      assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
      assertThat(answer.json().path("metadata")).hasSize(pairs);
    } else {
      assertError(answer, 400, "invalid_request_error", problem);
      assertThat(cluster.sessions()).isEmpty();
    }
  }

  @Test
  void whoMayNotCreateIsRefusedBeforeABodyIsRead() {
    // Given
    TestClient stranger = new TestClient(server.edge.port(), "stranger");
    // When
    Answer answer = stranger.postText(SESSIONS, "no JSON");
    // Then
    assertError(answer, 403, "permission_error", "create sessions");
    stranger.close();
  }

  // --- which agent ---

  private JsonNode agentsAnswer(String path, String body) {
    Answer answer = post("/v1/agents" + path, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  /** The agent is one that the API made. */
  private void newAgent() {
    reviews.grant("ci", "create agents", FakeCluster.NAMESPACE);
    reviews.grant("ci", "update agents", FakeCluster.NAMESPACE);
    agent = agentsAnswer("", "{'name':'One','model':'m','system':'Old.'}").path("id").asText();
  }

  private JsonNode agentOf(String id) {
    return client.get(SESSIONS + "/" + id).json().path("agent");
  }

  @Tag("contract-session-snapshot")
  @Test
  void whatBecomesOfTheAgentDoesNotTouchASession() {
    // Given
    newAgent();
    String id = made("");
    JsonNode before = agentOf(id);
    // When
    agentsAnswer(
        "/" + agent,
        "{'name':'Two','model':'n','system':'New.','tools':[{'type':'agent_toolset_20260401'}]}");
    JsonNode next = agentOf(made(""));
    agentsAnswer("/" + agent + "/archive", "");
    // Then
    assertThat(next.path("version").asInt()).isEqualTo(2);
    assertThat(next.path("system").asText()).isEqualTo("New.");
    assertThat(before.path("version").asInt()).isEqualTo(1);
    assertThat(before.path("system").asText()).isEqualTo("Old.");
    assertThat(agentOf(id)).isEqualTo(before);
  }

  @Tag("contract-session-agent")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'AGENT'|2|New.",
        "{'type':'agent','id':'AGENT'}|2|New.",
        "{'type':'agent','id':'AGENT','version':1}|1|Old.",
        "{'type':'agent_with_overrides','id':'AGENT','version':1}|1|Old.",
        "{'type':'agent_with_overrides','id':'AGENT','version':1,'system':'Mine.'}|1|Mine.",
      })
  void theVersionOfTheAgentMayBeChosen(String chosen, int version, String system) {
    // Given
    newAgent();
    agentsAnswer("/" + agent, "{'system':'New.'}");
    // When
    Answer answer = post(SESSIONS, "{'agent':" + chosen + ",'environment_id':'ENV'}");
    // Then
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    JsonNode shown = agentOf(answer.json().path("id").asText());
    assertThat(shown.path("id").asText()).isEqualTo(agent);
    assertThat(shown.path("version").asInt()).isEqualTo(version);
    assertThat(shown.path("system").asText()).isEqualTo(system);
  }

  // --- what a death in the middle leaves ---

  @Test
  void anObjectWithoutALogIsHiddenAndItsKeeperDoesNotBegin() {
    // Given: the process died between object and log
    Session half = cluster.marked("half", java.time.Instant.now().toString());
    String id = WireIds.session(half.getMetadata().getUid());
    String whole = made("");
    // When
    Answer shown = client.get(SESSIONS + "/" + id);
    Answer events = client.get(SESSIONS + "/" + id + "/events");
    Answer sent = post(SESSIONS + "/" + id + "/events", "{'events':[" + HELLO + "]}");
    List<String> listed = client.get(SESSIONS).json().path("data").findValuesAsText("id");
    // Then
    assertError(shown, 404, "not_found_error", id);
    assertError(events, 404, "not_found_error", id);
    assertError(sent, 404, "not_found_error", id);
    assertThat(listed).contains(whole).doesNotContain(id);
    assertThat(server.state(half.getMetadata().getUid()).exists()).isFalse();
  }

  @Test
  void anObjectWithoutALogIsSweptWhenItIsOld() {
    // When
    Session half = cluster.marked("half", "2026-01-02T03:04:05Z");
    // Then
    await("swept").until(() -> cluster.get(half.getMetadata().getUid()) == null);
  }

  @Test
  void theMarkOfAWholeSessionGoesAlthoughItsCreatorDied() {
    // Given
    cluster.failures.plan(Step.UNMARK, 2);
    // When
    String id = made(",'initial_events':[" + HELLO + "]");
    // Then it exists at once, and loses its mark in time
    assertThat(client.get(SESSIONS + "/" + id).status()).isEqualTo(200);
    await("unmarked")
        .until(() ->
            !Objects.requireNonNullElse(
                    cluster.get(uid(id)).getMetadata().getAnnotations(), Map.of())
                .containsKey(Rouse.CREATING_ANNOTATION));
    assertThat(types(id)).containsOnlyOnce("rouse.created");
  }

  @ParameterizedTest
  @EnumSource(InMemoryLogStore.Failure.class)
  void aFailedFirstCommitLeavesAllOrNothing(InMemoryLogStore.Failure failure) {
    // Given
    store.failAppend(1, failure);
    // When
    Answer answer = create(",'initial_events':[" + HELLO + "]");
    // Then
    if (failure == InMemoryLogStore.Failure.UNAVAILABLE) {
      assertThat(answer.status()).isEqualTo(503);
      assertThat(cluster.sessions()).isEmpty();
    } else {
      assertThat(answer.status()).isEqualTo(200);
      assertThat(types(answer.json().path("id").asText()))
          .containsOnlyOnce("rouse.created", "rouse.received");
    }
  }

  @Test
  void aRefusedObjectLeavesNothing() {
    // Given
    cluster.failures.plan(Step.CREATE, 1);
    // When
    Answer answer = create("");
    // Then
    assertThat(answer.status()).isEqualTo(503);
    assertThat(cluster.sessions()).isEmpty();
    assertThat(store.appendCalls()).isZero();
  }
}
