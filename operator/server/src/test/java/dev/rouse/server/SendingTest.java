package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.Phase;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that clients send to a session. */
class SendingTest {

  private static final Ids IDS = Ids.random();
  private static final String HELLO =
      "{\"events\":[{\"type\":\"user.message\",\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}]}";

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews =
      new FakeReviews()
          .pod("brain", FakeCluster.NAMESPACE, "pod-1")
          .person("token", FakeCluster.NAMESPACE, "ci")
          .person("approver", FakeCluster.NAMESPACE, "boss")
          .person("foreign", "team-b", "foreign");
  private final InMemoryLogStore store = new InMemoryLogStore();
  private InProcessServer server;
  private TestClient client;
  private TestClient approver;
  private String uid;
  private String events;

  @BeforeEach
  void start() throws Exception {
    reviews
        .grant("ci", "create sessions/events", FakeCluster.NAMESPACE)
        .grant("ci", "list sessions/events", FakeCluster.NAMESPACE)
        .grant("boss", "create sessions/approvals", FakeCluster.NAMESPACE)
        .grant("foreign", "create sessions/events", "team-b");
    server = new InProcessServer(cluster, reviews, store);
    client = new TestClient(server.edge.port(), "token");
    approver = new TestClient(server.edge.port(), "approver");
    uid = cluster.session("review").getMetadata().getUid();
    events = "/v1/sessions/" + WireIds.session(uid) + "/events";
    await("begun").until(() -> server.state(uid).exists());
  }

  @AfterEach
  void stop() {
    approver.close();
    client.close();
    server.close();
  }

  private Answer post(TestClient by, String json) {
    return by.postText(events, json.replace('\'', '"'));
  }

  private static void assertError(Answer answer, int status, String type, String message) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo(type);
    assertThat(answer.json().at("/error/message").asText()).contains(message);
  }

  /** The session waits for answers to these calls. */
  private void waitsFor(AgentEvent.Call... calls) {
    client.postText(events, HELLO);
    cluster.harness(uid, "pod-1");
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid)) {
      brain.wake();
      SpanEvent.ModelRequestStart start = new SpanEvent.ModelRequestStart(IDS.event());
      List<Event> turn = new ArrayList<>(FakeBrain.queued(brain.records(0)));
      turn.add(start);
      turn.addAll(List.of(calls));
      turn.add(new SpanEvent.ModelRequestEnd(IDS.event(), start.id(), null, ModelUsage.ZERO));
      List<String> ids = new ArrayList<>();
      for (AgentEvent.Call call : calls) {
        ids.add(call.id());
      }
      turn.addAll(FakeBrain.idle(StopReason.requiresAction(ids)));
      assertThat(brain.commit("turn", turn).status()).isEqualTo(200);
    }
  }

  private static AgentEvent.ToolUse asked() {
    return new AgentEvent.ToolUse(
        IDS.event(), "bash", JsonNodeFactory.instance.objectNode(), "ask", null, null);
  }

  private static AgentEvent.CustomToolUse custom() {
    return new AgentEvent.CustomToolUse(
        IDS.event(), "lookup", JsonNodeFactory.instance.objectNode(), null);
  }

  private static String confirm(String id, String result) {
    return "{'type':'user.tool_confirmation','tool_use_id':'%s','result':'%s'}"
        .formatted(id, result);
  }

  @Tag("contract-events-echo")
  @Tag("contract-order-processed")
  @Test
  void aMessageIsEchoedQueuedAndRunsTheSession() {
    // When
    Answer answer = client.postText(events, HELLO);
    // Then
    JsonNode echo = answer.json().at("/data/0");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(echo.path("id").asText()).startsWith("sevt_");
    assertThat(echo.at("/content/0/text").asText()).isEqualTo("hello");
    assertThat(echo.has("processed_at")).isFalse();
    assertThat(server.state(uid).phase()).isEqualTo(Phase.RUNNING);
    await("the status says so").until(() -> "Running".equals(cluster.get(uid).getStatus().phase()));
  }

  @Tag("contract-events-echo")
  @Test
  void oneWrongEventLeavesNothingOfTheRequest() {
    // Given
    long head = server.state(uid).head();
    // When
    Answer answer =
        post(
            client,
            "{'events':[{'type':'user.message','content':[{'type':'text','text':'a'}]},{'type':'user.nonsense'}]}");
    Answer unasked =
        post(
            client,
            "{'events':[{'type':'user.message','content':[{'type':'text','text':'a'}]},"
                + "{'type':'user.custom_tool_result','custom_tool_use_id':'sevt_none'}]}");
    // Then
    assertError(answer, 400, "invalid_request_error", "events.1.type");
    assertError(unasked, 400, "invalid_request_error", "sevt_none");
    assertThat(server.state(uid).head()).isEqualTo(head);
  }

  @Tag("contract-no-retry")
  @Test
  void aKeyCountsOnceAndForOneBody() {
    // Given
    Answer first = client.postText(events, HELLO, "idempotency-key", "k1");
    long head = server.state(uid).head();
    // When
    Answer again = client.postText(events, HELLO, "idempotency-key", "k1");
    Answer other = client.postText(events, HELLO.replace("hello", "bye"), "idempotency-key", "k1");
    // Then
    assertThat(again.json()).isEqualTo(first.json());
    assertError(other, 409, "conflict_error", "Idempotency-Key");
    assertThat(other.header("x-should-retry")).contains("false");
    assertThat(server.state(uid).head()).isEqualTo(head);
  }

  @Tag("contract-state-interrupt")
  @Test
  void anInterruptWithNothingToStopIsProcessedAndWakesNobody() {
    // When
    Answer answer = post(client, "{'events':[{'type':'user.interrupt'}]}");
    // Then
    assertThat(answer.json().at("/data/0/processed_at").isTextual()).isTrue();
    assertThat(server.state(uid).phase()).isEqualTo(Phase.IDLE);
  }

  @Test
  void whoMaySendMayNotApproveAndTheOtherWayRound() {
    // Given
    AgentEvent.ToolUse call = asked();
    waitsFor(call);
    String allow = "{'events':[" + confirm(call.id(), "allow") + "]}";
    // When
    Answer sender = post(client, allow);
    Answer talker = approver.postText(events, HELLO);
    Answer mixed =
        post(
            approver,
            "{'events':["
                + confirm(call.id(), "allow")
                + ",{'type':'user.message','content':[{'type':'text','text':'a'}]}]}");
    Answer approved = post(approver, allow);
    // Then
    assertError(sender, 403, "permission_error", "create sessions/approvals");
    assertError(talker, 403, "permission_error", "create sessions/events");
    assertError(mixed, 403, "permission_error", "create sessions/events");
    assertThat(approved.status()).as(approved.response().body()).isEqualTo(200);
    assertThat(approved.json().at("/data/0/decided_by").asText())
        .isEqualTo("system:serviceaccount:team-a:boss");
    assertThat(server.state(uid).phase()).isEqualTo(Phase.RUNNING);
    assertThat(
            client
                .get(events + "?types%5B%5D=user.tool_confirmation")
                .json()
                .at("/data/0/decided_by")
                .asText())
        .endsWith(":boss");
  }

  @Tag("contract-no-repeat")
  @Tag("contract-order-processed")
  @Tag("contract-sent-custom-result")
  @Test
  void theFirstAnswerStands() {
    // Given
    AgentEvent.CustomToolUse call = custom();
    AgentEvent.CustomToolUse other = custom();
    waitsFor(call, other);
    String yes =
        "{'events':[{'type':'user.custom_tool_result','custom_tool_use_id':'%s','content':[{'type':'text','text':'yes'}]}]}"
            .formatted(call.id());
    // When
    Answer first = post(client, yes);
    Answer again = post(client, yes);
    Answer different = post(client, yes.replace("yes", "no"));
    // Then
    String id = first.json().at("/data/0/id").asText();
    assertThat(first.json().at("/data/0/processed_at").isTextual()).isTrue();
    assertThat(again.json()).isEqualTo(first.json());
    assertError(different, 400, "invalid_request_error", id);
    assertThat(server.state(uid).stopReason())
        .isEqualTo(StopReason.requiresAction(List.of(other.id())));
  }

  @Test
  void anAnswerForAnotherSessionIsRefused() {
    // Given
    AgentEvent.CustomToolUse call = custom();
    waitsFor(call);
    String other = cluster.session("other").getMetadata().getUid();
    await("begun").until(() -> server.state(other).exists());
    // When
    Answer answer =
        client.postText(
            "/v1/sessions/" + WireIds.session(other) + "/events",
            "{\"events\":[{\"type\":\"user.custom_tool_result\",\"custom_tool_use_id\":\"%s\"}]}"
                .formatted(call.id()));
    // Then
    assertError(answer, 400, "invalid_request_error", call.id());
  }

  @Tag("contract-sent-interrupt")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'type':'user.interrupt'",
        "'type':'user.tool_confirmation','tool_use_id':'sevt_x','result':'allow'",
        "'type':'user.custom_tool_result','custom_tool_use_id':'sevt_x'",
        "'type':'user.tool_result','tool_use_id':'sevt_x'",
      })
  void aThreadThatIsNotThereIsNamed(String event) {
    // Given
    reviews.grant("ci", "create sessions/approvals", FakeCluster.NAMESPACE);
    // When
    Answer answer = post(client, "{'events':[{" + event + ",'session_thread_id':'sthr_x'}]}");
    // Then
    assertError(answer, 400, "invalid_request_error", "events.0.session_thread_id");
  }

  @Tag("contract-events-echo")
  @Tag("contract-sent-confirmation")
  @Tag("contract-sent-custom-result")
  @Tag("contract-sent-interrupt")
  @Test
  void theThreadThatIsThereMayBeNamedAndIsEchoed() {
    // Given
    AgentEvent.CustomToolUse custom = custom();
    AgentEvent.ToolUse asked = asked();
    waitsFor(custom, asked);
    String thread = Objects.requireNonNull(server.state(uid).created()).threadId();
    String named = "{'events':[{%s,'session_thread_id':'" + thread + "'}]}";
    // When
    List<Answer> answers =
        List.of(
            post(
                client,
                named.formatted(
                    "'type':'user.custom_tool_result','custom_tool_use_id':'%s'"
                        .formatted(custom.id()))),
            post(
                approver,
                named.formatted(
                    "'type':'user.tool_confirmation','tool_use_id':'%s','result':'allow'"
                        .formatted(asked.id()))),
            post(client, named.formatted("'type':'user.interrupt'")));
    // Then
    List<String> ids = new ArrayList<>();
    for (Answer answer : answers) {
      assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
      assertThat(answer.json().at("/data/0/session_thread_id").asText()).isEqualTo(thread);
      ids.add(answer.json().at("/data/0/id").asText());
    }
    client
        .get(events)
        .json()
        .path("data")
        .forEach(event -> {
          if (ids.remove(event.path("id").asText())) {
            assertThat(event.path("session_thread_id").asText()).isEqualTo(thread);
          }
        });
    assertThat(ids).as("not listed").isEmpty();
  }

  @Test
  void aSessionThatHasNotBegunAsksForPatience() {
    // Given
    String waiting = cluster.without("Agent/reviewer").session("waiting").getMetadata().getUid();
    // When
    Answer answer = client.postText("/v1/sessions/" + WireIds.session(waiting) + "/events", HELLO);
    // Then
    assertError(answer, 409, "conflict_error", "no record 0");
    assertThat(answer.header("x-should-retry")).isEmpty();
  }

  @Tag("contract-foreign-id")
  @Test
  void anotherWorkspaceHasNoSuchSession() {
    // Given
    TestClient foreign = new TestClient(server.edge.port(), "foreign");
    // When
    Answer answer = foreign.postText(events, HELLO);
    // Then
    assertError(answer, 404, "not_found_error", "team-b");
    foreign.close();
  }

  @Tag("contract-too-large")
  @ParameterizedTest
  @CsvSource({"EVENTS,1,413", "EVENTS,0,400", "/v1/sessions,1,413", "/v1/sessions,0,400"})
  void aBodyOfMoreThan32MegabytesIsRefusedUnread(String path, long over, int status) {
    // Given
    reviews.grant("ci", "create sessions", FakeCluster.NAMESPACE);
    // When
    TestClient.Raw raw = client.flood(path.replace("EVENTS", events), 32L * 1024 * 1024 + over);
    // Then
    assertThat(raw.status()).isEqualTo(status);
    if (status == 413) {
      assertThat(raw.sent()).isLessThan(8L * 1024 * 1024);
    }
    assertThat(server.state(uid).queued()).isEmpty();
    assertThat(cluster.sessions()).hasSize(1);
  }
}
