package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.FakeCluster.Step;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Phase;
import dev.rouse.session.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions over HTTP: made, shown, changed, archived, deleted. */
class SessionsApiTest {

  private static final String SESSIONS = "/v1/sessions";
  private static final String HELLO =
      "{'type':'user.message','content':[{'type':'text','text':'hello'}]}";

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews =
      new FakeReviews()
          .pod("brain", FakeCluster.NAMESPACE, "pod-1")
          .person("token", FakeCluster.NAMESPACE, "ci")
          .person("stranger", FakeCluster.NAMESPACE, "stranger");
  private final InMemoryLogStore store = new InMemoryLogStore();
  private InProcessServer server;
  private TestClient client;
  private String agent;
  private String environment;

  @BeforeEach
  void start() throws Exception {
    for (String verb : List.of("create", "list", "get", "update", "delete")) {
      reviews.grant("ci", verb + " sessions", FakeCluster.NAMESPACE);
    }
    for (String verb : List.of("create", "list", "watch")) {
      reviews.grant("ci", verb + " sessions/events", FakeCluster.NAMESPACE);
    }
    server = new InProcessServer(cluster, reviews, store);
    client = new TestClient(server.edge.port(), "token");
    agent =
        WireIds.agent(
            cluster.agent(FakeCluster.NAMESPACE, "reviewer").orElseThrow().getMetadata().getUid());
    environment =
        WireIds.environment(
            cluster
                .environment(FakeCluster.NAMESPACE, "sandbox")
                .orElseThrow()
                .getMetadata()
                .getUid());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  /** Posts JSON written with single quotes; AGENT and ENV stand for the ids. */
  private Answer post(String path, String json) {
    return client.postText(
        path, json.replace('\'', '"').replace("AGENT", agent).replace("ENV", environment));
  }

  private Answer create(String more) {
    return post(SESSIONS, "{'agent':'AGENT','environment_id':'ENV'" + more + "}");
  }

  private String made(String more) {
    Answer answer = create(more);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json().path("id").asText();
  }

  private static String uid(String id) {
    return WireIds.sessionUidOf(id).orElseThrow();
  }

  private List<String> types(String id) {
    List<String> types = new ArrayList<>();
    client
        .get(SESSIONS + "/" + id + "/events?include_internal=true")
        .json()
        .path("data")
        .forEach(event -> types.add(event.path("type").asText()));
    return types;
  }

  private static void assertError(Answer answer, int status, String type, String message) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo(type);
    assertThat(answer.json().at("/error/message").asText()).contains(message);
  }

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
        "{'agent':{'type':'agent_with_overrides','id':'AGENT','model':null},'environment_id':'ENV'}|400|agent.model",
        "{'agent':{'type':'agent_with_overrides','id':'AGENT','skills':[{}]},'environment_id':'ENV'}|400|agent.skills: this field is not available yet",
        "{'agent':'AGENT','environment_id':'ENV','budget':{'type':'limit'}}|400|budget: this field is not available yet",
        "{'agent':'AGENT','environment_id':'ENV','resources':[{}]}|400|resources: this field is not available yet",
        "{'agent':'AGENT','environment_id':'ENV','vault_ids':['v']}|400|vault_ids: this field is not available yet",
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

  @Test
  void aClearedModelHasItsCode() {
    // When
    Answer answer =
        post(
            SESSIONS,
            "{'agent':{'type':'agent_with_overrides','id':'AGENT','model':null},'environment_id':'ENV'}");
    // Then
    assertThat(answer.json().at("/error/details/error_code").asText())
        .isEqualTo("agent_model_required");
  }

  @Test
  void overridesReplaceWhatTheAgentSays() {
    // When
    Answer answer =
        post(
            SESSIONS,
            "{'agent':{'type':'agent_with_overrides','id':'AGENT','model':{'id':'other','effort':'low'},"
                + "'system':null,'tools':[]},'environment_id':'ENV'}");
    // Then
    JsonNode shown = answer.json().path("agent");
    assertThat(shown.path("id").asText()).isEqualTo(agent);
    assertThat(shown.path("version").asInt()).isEqualTo(3);
    assertThat(shown.at("/model/id").asText()).isEqualTo("other");
    assertThat(shown.path("system").isNull()).isTrue();
    assertThat(shown.path("tools").size()).isZero();
    String uid = uid(answer.json().path("id").asText());
    assertThat(Objects.requireNonNull(server.state(uid).created()).provider().upstreamModel())
        .isEqualTo("other");
    assertThat(Objects.requireNonNull(cluster.get(uid).getSpec().overrides()).system()).isEmpty();
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
    cluster.failNext(Step.UNMARK, 2);
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
    cluster.failNext(Step.CREATE, 1);
    // When
    Answer answer = create("");
    // Then
    assertThat(answer.status()).isEqualTo(503);
    assertThat(cluster.sessions()).isEmpty();
    assertThat(store.appendCalls()).isZero();
  }

  // --- changes ---

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
