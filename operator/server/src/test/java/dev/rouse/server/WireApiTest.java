package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Phase;
import dev.rouse.session.protocol.BrainProtocol.Deltas;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireApiTest {

  private static final String[] RIGHTS = {
    "get sessions", "list sessions/events", "watch sessions/events"
  };

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews =
      new FakeReviews()
          .pod("brain", FakeCluster.NAMESPACE, "pod-1")
          .person("token", FakeCluster.NAMESPACE, "ci")
          .person("stranger", FakeCluster.NAMESPACE, "stranger")
          .person("foreign", "team-b", "foreign");
  private final InMemoryLogStore store = new InMemoryLogStore();
  private InProcessServer server;
  private TestClient client;
  private String uid;
  private String path;
  private FakeBrain brain;

  @BeforeEach
  void start() throws Exception {
    for (String right : RIGHTS) {
      reviews.grant("ci", right, FakeCluster.NAMESPACE).grant("foreign", right, "team-b");
    }
    server = new InProcessServer(cluster, reviews, store);
    client = new TestClient(server.edge.port(), "token");
    uid = cluster.session("review", "hello").getMetadata().getUid();
    path = "/v1/sessions/" + WireIds.session(uid);
    await("the session runs").until(() -> server.state(uid).phase() == Phase.RUNNING);
    cluster.harness(uid, "pod-1");
    brain = new FakeBrain(server.edge.port(), "brain", uid);
  }

  @AfterEach
  void stop() {
    brain.close();
    client.close();
    server.close();
  }

  private void turn(String answer) {
    brain.wake();
    assertThat(brain.turn("turn", FakeBrain.queued(brain.records(0)), answer).status())
        .isEqualTo(200);
  }

  private static void assertError(Answer answer, int status, String type) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().path("type").asText()).isEqualTo("error");
    assertThat(answer.json().at("/error/type").asText()).isEqualTo(type);
    assertThat(answer.json().at("/error/message").asText()).isNotBlank();
    assertThat(answer.json().path("request_id").asText())
        .isEqualTo(answer.header("request-id").orElseThrow());
  }

  private static List<String> types(Answer answer) {
    List<String> types = new ArrayList<>();
    answer.json().path("data").forEach(event -> types.add(event.path("type").asText()));
    return types;
  }

  private static List<String> ids(JsonNode data) {
    List<String> ids = new ArrayList<>();
    data.forEach(event -> ids.add(event.path("id").asText()));
    return ids;
  }

  @Test
  void showsASessionWithEveryFieldThatTheContractRequires() {
    // Given
    turn("hi");
    // When
    Answer answer = client.get(path);
    // Then
    JsonNode session = answer.json();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("request-id").orElseThrow()).startsWith("req_");
    assertThat(session.path("id").asText()).isEqualTo(WireIds.session(uid));
    assertThat(session.path("type").asText()).isEqualTo("session");
    assertThat(session.path("status").asText()).isEqualTo("idle");
    assertThat(session.path("title").asText()).isEqualTo("A review");
    assertThat(session.at("/metadata/team").asText()).isEqualTo("a");
    assertThat(session.path("environment_id").asText()).startsWith("env_");
    assertThat(session.at("/agent/id").asText()).startsWith("agent_");
    assertThat(session.at("/agent/type").asText()).isEqualTo("agent");
    assertThat(session.at("/agent/version").asInt()).isEqualTo(3);
    assertThat(session.at("/agent/description").isNull()).isTrue();
    assertThat(session.at("/agent/multiagent").isNull()).isTrue();
    assertThat(session.at("/agent/mcp_servers").isArray()).isTrue();
    assertThat(session.at("/agent/skills").isArray()).isTrue();
    assertThat(session.at("/agent/execution_identity/type").asText()).isEqualTo("service_account");
    assertThat(session.at("/agent/tools/0/default_config/permission_policy/type").asText())
        .isEqualTo("always_allow");
    assertThat(session.at("/agent/tools/0/configs").isArray()).isTrue();
    assertThat(session.at("/usage/input_tokens").asLong()).isEqualTo(100);
    assertThat(session.at("/usage/output_tokens").asLong()).isEqualTo(10);
    assertThat(session.path("stats").isObject()).isTrue();
    for (String array : List.of("resources", "vault_ids", "outcome_evaluations")) {
      assertThat(session.path(array).isArray()).as(array).isTrue();
    }
    for (String absent : List.of("archived_at", "budget")) {
      assertThat(session.has(absent) && session.path(absent).isNull()).as(absent).isTrue();
    }
    assertThat(session.path("created_at").asText()).isEqualTo("2026-01-02T03:04:05.000000Z");
    assertThat(session.path("updated_at").asText()).matches(".*\\.\\d{6}Z");
  }

  @Test
  void listsProcessedEventsInLogOrderAndThenTheQueued() {
    // Given
    turn("hi");
    cluster.say(uid, "m1", "and now?");
    await("queued").until(() -> server.state(uid).queued().size() == 1);
    // When
    Answer answer = client.get(path + "/events");
    // Then
    assertThat(types(answer))
        .containsExactly(
            "session.status_running",
            "session.thread_status_running",
            "user.message",
            "span.model_request_start",
            "agent.message",
            "span.model_request_end",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle",
            "session.status_running",
            "session.thread_status_running",
            "user.message");
    JsonNode data = answer.json().path("data");
    assertThat(data.path(7).at("/usage/cache_creation").isObject())
        .as("usage has the shape of a session's")
        .isTrue();
    assertThat(data.path(7).path("usage").has("list_cost")).isTrue();
    assertThat(data.path(11).has("processed_at")).isFalse();
    assertThat(data.path(2).path("processed_at").asText()).matches(".*\\.\\d{6}Z");
    assertThat(answer.json().has("next_page") && answer.json().path("next_page").isNull()).isTrue();
  }

  @Test
  void showsInternalEventsOnlyWhenAskedFor() {
    // Given
    turn("hi");
    // When
    List<String> all = types(client.get(path + "/events?include_internal=true"));
    // Then
    assertThat(all).contains("rouse.created", "rouse.woken", "rouse.received");
    assertThat(types(client.get(path + "/events"))).noneMatch(type -> type.startsWith("rouse."));
  }

  @ParameterizedTest
  @CsvSource({"asc,1", "asc,3", "asc,1000", "desc,1", "desc,4", "desc,1000"})
  void pagesShowEverythingOnceInBothOrders(String order, int limit) {
    // Given
    turn("hi");
    cluster.say(uid, "m1", "one");
    cluster.say(uid, "m2", "two");
    await("queued").until(() -> server.state(uid).queued().size() == 2);
    List<String> whole = ids(client.get(path + "/events").json().path("data"));
    // When
    List<String> paged = new ArrayList<>();
    String page = "";
    do {
      Answer answer = client.get(path + "/events?order=" + order + "&limit=" + limit + page);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().path("data").size()).isBetween(1, limit);
      paged.addAll(ids(answer.json().path("data")));
      String next = answer.json().path("next_page").asText("");
      page = answer.json().path("next_page").isNull() ? null : "&page=" + encode(next);
    } while (page != null);
    // Then
    assertThat(paged).containsExactlyElementsOf(order.equals("asc") ? whole : whole.reversed());
  }

  @Test
  void aPageIsOfItsOwnSessionAndOrder() {
    // Given
    turn("hi");
    String page = client.get(path + "/events?limit=1").json().path("next_page").asText();
    String other = cluster.session("other").getMetadata().getUid();
    await("the other begins").until(() -> server.state(other).exists());
    String otherPath = "/v1/sessions/" + WireIds.session(other);
    // When
    // Then
    assertThat(page).startsWith("page_");
    assertError(client.get(otherPath + "/events?page=" + encode(page)), 404, "not_found_error");
    assertError(
        client.get(path + "/events?order=desc&page=" + encode(page)), 400, "invalid_request_error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=1001",
        "limit=x",
        "order=up",
        "page=nonsense",
        "page=page_e30",
        "include_internal=maybe",
        "created_at%5Bgt%5D=yesterday"
      })
  void namesTheWrongParameter(String query) {
    // Given
    String name = query.substring(0, query.indexOf('=')).replace("%5B", "[").replace("%5D", "]");
    // When
    Answer answer = client.get(path + "/events?" + query);
    // Then
    assertError(answer, 400, "invalid_request_error");
    assertThat(answer.json().at("/error/message").asText()).startsWith(name + ":");
  }

  @Test
  void filtersByTypeAndTime() {
    // Given
    turn("hi");
    JsonNode data = client.get(path + "/events").json().path("data");
    String third = encode(data.path(2).path("processed_at").asText());
    int all = data.size();
    // When
    // Then
    assertThat(
            types(
                client.get(
                    path
                        + "/events?types%5B%5D=agent.message&types[]=user.message"
                            .replace("[]", "%5B%5D"))))
        .containsExactly("user.message", "agent.message");
    assertThat(types(client.get(path + "/events?created_at%5Bgte%5D=" + third))).hasSize(all - 2);
    assertThat(types(client.get(path + "/events?created_at%5Bgt%5D=" + third))).hasSize(all - 3);
    assertThat(types(client.get(path + "/events?created_at%5Blte%5D=" + third))).hasSize(3);
    assertThat(types(client.get(path + "/events?created_at%5Blt%5D=" + third))).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "types%5B%5D=agent.mesage",
    "types%5B%5D=event_delta",
    "types%5B%5D=session.deleted",
  })
  void aQueryThatMeansNothingIsRefused(String query) {
    // When
    Answer answer = client.get(path + "/events?" + query);
    // Then
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void aStreamBringsWhatComesAfterItsOpeningInTheRecordedForm() {
    // Given
    try (TestClient.Feed feed = client.open(path + "/events/stream")) {
      // When
      turn("hi");
      // Then
      await("the end of the turn")
          .untilAsserted(() -> assertThat(feed.types()).endsWith("session.status_idle"));
      assertThat(feed.status()).isEqualTo(200);
      assertThat(feed.header("content-type").orElseThrow()).startsWith("text/event-stream");
      assertThat(feed.header("cache-control")).contains("no-cache, no-transform");
      assertThat(feed.lines().getFirst()).isEqualTo(": connected");
      assertThat(feed.types())
          .containsExactly(
              "user.message",
              "span.model_request_start",
              "agent.message",
              "span.model_request_end",
              "session.thread_status_idle",
              "session.usage",
              "session.status_idle");
      assertThat(feed.lines().stream().filter(line -> line.startsWith("event:")))
          .hasSize(7)
          .allMatch("event: message"::equals);
      assertThat(feed.events()).allMatch(event -> event.has("processed_at") && event.has("id"));
    }
  }

  @Test
  void aStreamBringsPreviewsOnlyWhereTheyWereAskedFor() throws Exception {
    // Given
    brain.wake();
    try (TestClient.Feed with =
            client.open(path + "/events/stream?event_deltas%5B%5D=agent.message");
        TestClient.Feed without = client.open(path + "/events/stream")) {
      // When
      var answer = FakeBrain.message("hi there");
      showDelta(orphan());
      showDelta(start(answer.id()));
      showDelta(delta(answer.id(), "hi "));
      showDelta(delta(answer.id(), "the"));
      brain.commit("c", List.of(answer));
      showDelta(delta(answer.id(), "too late"));
      brain.commit("d", List.of(FakeBrain.message("next")));
      // Then
      await("both messages")
          .untilAsserted(() ->
              assertThat(with.types())
                  .containsExactly(
                      "event_start",
                      "event_delta",
                      "event_delta",
                      "agent.message",
                      "agent.message"));
      await("both messages").until(() -> without.types().size() == 2);
      assertThat(without.types()).containsOnly("agent.message");
    }
  }

  private void showDelta(String json) throws Exception {
    Answer answer =
        brain.raw("deltas", new Deltas(brain.epoch(), List.of(EventCodec.JSON.readTree(json))));
    assertThat(answer.status()).isEqualTo(204);
  }

  private static String start(String id) {
    return "{\"type\":\"event_start\",\"event\":{\"type\":\"agent.message\",\"id\":\""
        + id
        + "\"}}";
  }

  private static String delta(String id, String text) {
    return "{\"type\":\"event_delta\",\"event_id\":\""
        + id
        + "\",\"delta\":{\"type\":\"content_delta\",\"index\":0,\"content\":{\"type\":\"text\","
        + "\"text\":\""
        + text
        + "\"}}}";
  }

  private static String orphan() {
    return delta("sevt_never_started", "lost");
  }

  @Test
  void aDeletedSessionEndsItsStreamsWithAWord() {
    // Given
    try (TestClient.Feed feed = client.open(path + "/events/stream")) {
      await("open").until(() -> feed.lines().contains(": connected"));
      // When
      cluster.delete(uid);
      // Then
      await("the end").atMost(Duration.ofSeconds(10)).until(feed::hasEnded);
      assertThat(feed.types()).containsExactly("session.deleted");
    }
    assertError(client.get(path), 404, "not_found_error");
  }

  @Test
  void whatIsNotThereIsNotThereAndWhatIsForbiddenSaysSo() {
    // Given
    TestClient stranger = new TestClient(server.edge.port(), "stranger");
    TestClient foreign = new TestClient(server.edge.port(), "foreign");
    String unknown = "/v1/sessions/" + WireIds.session("11111111-1111-1111-1111-111111111111");
    // When
    // Then
    assertError(client.get(unknown), 404, "not_found_error");
    assertError(client.get("/v1/sessions/nonsense/events"), 404, "not_found_error");
    assertError(foreign.get(path), 404, "not_found_error");
    assertError(foreign.get(path + "/events/stream"), 404, "not_found_error");
    assertError(stranger.get(path), 403, "permission_error");
    assertError(stranger.get(unknown), 403, "permission_error");
    assertThat(stranger.get(path + "/events").json().at("/error/message").asText())
        .contains("list sessions/events", "stranger", FakeCluster.NAMESPACE);
    assertError(client.get(path, "anthropic-workspace-id", "team-b"), 403, "permission_error");
    assertError(client.get(path, "anthropic-workspace-id", "../x"), 400, "invalid_request_error");
  }

  @Test
  void onlyTokensOfItsAudienceOpenTheDoor() {
    // Given
    TestClient pod = new TestClient(server.edge.port(), "brain");
    TestClient nobody = new TestClient(server.edge.port(), "");
    // When
    // Then
    assertError(pod.get(path), 401, "authentication_error");
    assertError(nobody.get(path), 401, "authentication_error");
    assertThat(nobody.get(path, "x-api-key", "token").status()).isEqualTo(200);
    assertThat(nobody.get(path, "authorization", "bearer token").status()).isEqualTo(200);
  }

  @Test
  void saysUnavailableWhenNobodyCanBeIdentified() {
    // Given
    reviews.down(true);
    // When
    Answer answer = client.get(path);
    // Then
    assertError(answer, 503, "api_error");
  }

  @Test
  void aStoreThatCannotBeReadIsNoEmptyHistory() {
    // Given
    store.failReads(true);
    // When
    Answer answer = client.get(path + "/events");
    // Then
    assertError(answer, 503, "api_error");
  }

  @Test
  void saysWhatIsNotThereYetAndWhatNeverWas() {
    // Given
    // When
    Answer later = client.method("POST", path + "/resources");
    Answer never = client.get("/v1/teapots");
    Answer wrong = client.method("DELETE", path + "/events");
    // Then
    assertError(later, 501, "invalid_request_error");
    assertThat(later.header("x-should-retry")).contains("false");
    assertThat(later.json().at("/error/message").asText()).contains("session resources");
    assertError(never, 404, "not_found_error");
    assertError(wrong, 405, "invalid_request_error");
    assertThat(wrong.header("allow")).contains("GET, POST");
  }

  @Test
  void anotherServerReadsWhatWasJustWrittenHere() throws Exception {
    // Given two servers over one store, where no hint of a change arrives
    store.sendHints(false);
    try (InProcessServer other = new InProcessServer(cluster, reviews, store);
        TestClient there = new TestClient(other.edge.port(), "token")) {
      there.get(path + "/events");
      // When
      turn("hi");
      // Then
      assertThat(types(there.get(path + "/events"))).endsWith("session.status_idle");
      assertThat(there.get(path).json().path("status").asText()).isEqualTo("idle");
    }
  }

  @Test
  void aSessionThatHasNotBegunHasAnEmptyHistory() {
    // Given a session whose references do not resolve
    cluster.put(FakeCluster.provider("second-default"));
    String pending = cluster.session("pending").getMetadata().getUid();
    String pendingPath = "/v1/sessions/" + WireIds.session(pending);
    // When
    Answer events = client.get(pendingPath + "/events");
    Answer session = client.get(pendingPath);
    // Then
    assertThat(events.json().path("data")).isEmpty();
    assertError(session, 404, "not_found_error");
    assertThat(session.json().at("/error/message").asText()).contains("has not begun");
  }
}
