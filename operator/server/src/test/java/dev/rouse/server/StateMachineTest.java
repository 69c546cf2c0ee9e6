package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionError;
import dev.rouse.session.SessionError.RetryStatus;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.ThreadEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The table of contract §2.5, row by row: what a client sees on a stream and as the status. Rows of
 * a brain's making are written by it as its own tests hold it to.
 */
class StateMachineTest extends SessionsApiFixture {

  private static final Ids IDS = Ids.random();

  private @Nullable FakeBrain brain;
  private String id = "";

  @AfterEach
  void sleep() {
    if (brain != null) {
      brain.close();
    }
  }

  private FakeBrain wake() {
    cluster.harness(uid(id), "pod-1");
    FakeBrain woken = new FakeBrain(server.edge.port(), "brain", uid(id));
    brain = woken;
    assertThat(woken.wake().status()).isEqualTo(200);
    return woken;
  }

  /** A session whose brain has taken up its message and asked the model. @return the request */
  private String running() {
    id = made(",'initial_events':[" + HELLO + "]");
    FakeBrain woken = wake();
    SpanEvent.ModelRequestStart start = new SpanEvent.ModelRequestStart(IDS.event());
    List<Event> events = new ArrayList<>(FakeBrain.queued(woken.records(0)));
    events.add(start);
    commit(events);
    return start.id();
  }

  private void commit(List<Event> events) {
    Answer answer = Objects.requireNonNull(brain).commit(IDS.next("commit"), events);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
  }

  private static Event end(String span, boolean isError) {
    return new SpanEvent.ModelRequestEnd(IDS.event(), span, isError, ModelUsage.ZERO);
  }

  private static List<Event> failed(RetryStatus status) {
    return List.of(
        new SessionEvent.ErrorRaised(
            IDS.event(), SessionError.of("model_overloaded_error", "busy", status)));
  }

  private static List<Event> rescheduled() {
    return List.of(
        new ThreadEvent.StatusRescheduled(IDS.event(), "sthr_1", "Reviewer"),
        new SessionEvent.StatusRescheduled(IDS.event()));
  }

  @SafeVarargs
  private static List<Event> all(List<Event>... parts) {
    return Arrays.stream(parts).flatMap(List::stream).toList();
  }

  private static AgentEvent.CustomToolUse custom() {
    return new AgentEvent.CustomToolUse(
        IDS.event(), "ask", JsonNodeFactory.instance.objectNode(), null);
  }

  /** A session that waits for the answers to these calls. */
  private void waitsFor(AgentEvent.CustomToolUse... calls) {
    String span = running();
    List<String> ids = Arrays.stream(calls).map(AgentEvent.CustomToolUse::id).toList();
    commit(
        all(
            List.of(calls),
            List.of(end(span, false)),
            FakeBrain.idle(StopReason.requiresAction(ids))));
  }

  private Answer answer(AgentEvent.CustomToolUse call) {
    return send("{'type':'user.custom_tool_result','custom_tool_use_id':'" + call.id() + "'}");
  }

  private Answer send(String event) {
    return post(SESSIONS + "/" + id + "/events", "{'events':[" + event + "]}");
  }

  private String status() {
    return client.get(SESSIONS + "/" + id).json().path("status").asText();
  }

  private JsonNode last(String type) {
    return client
        .get(SESSIONS + "/" + id + "/events?order=desc&types%5B%5D=" + type)
        .json()
        .at("/data/0");
  }

  private TestClient.Feed feed() {
    TestClient.Feed feed = client.open(SESSIONS + "/" + id + "/events/stream");
    await("open").until(() -> feed.lines().contains(": connected"));
    return feed;
  }

  private static void brings(TestClient.Feed feed, String... types) {
    await("the stream").untilAsserted(() -> assertThat(feed.types()).containsExactly(types));
  }

  @Tag("contract-state-born")
  @Test
  void createdWithoutFirstEventsItIsIdleAndSaysNothing() {
    // When
    id = made("");
    // Then
    assertThat(status()).isEqualTo("idle");
    assertThat(types(id)).containsExactly("rouse.created");
  }

  @Tag("contract-state-born")
  @Test
  void createdWithFirstEventsItRuns() {
    // When
    id = made(",'initial_events':[" + HELLO + "]");
    // Then
    assertThat(status()).isEqualTo("running");
    assertThat(types(id)).contains("session.status_running", "session.thread_status_running");
  }

  @Tag("contract-state-running")
  @Test
  void idleThenAMessageItRuns() {
    // Given
    id = made("");
    try (TestClient.Feed feed = feed()) {
      // When
      send(HELLO);
      // Then
      brings(feed, "session.status_running", "session.thread_status_running");
      assertThat(status()).isEqualTo("running");
    }
  }

  @Tag("contract-state-running")
  @Test
  void idleThenTheLastAnswerItRuns() {
    // Given
    AgentEvent.CustomToolUse call = custom();
    waitsFor(call);
    try (TestClient.Feed feed = feed()) {
      // When
      answer(call);
      // Then
      brings(
          feed,
          "user.custom_tool_result",
          "session.status_running",
          "session.thread_status_running");
      assertThat(status()).isEqualTo("running");
    }
  }

  @Tag("contract-state-requires-action")
  @Test
  void oneAnswerOfTwoIdlesAgainWithTheRest() {
    // Given
    AgentEvent.CustomToolUse one = custom();
    AgentEvent.CustomToolUse two = custom();
    waitsFor(one, two);
    try (TestClient.Feed feed = feed()) {
      // When
      answer(one);
      // Then
      brings(
          feed,
          "user.custom_tool_result",
          "session.thread_status_idle",
          "session.usage",
          "session.status_idle");
      assertThat(feed.events().getLast().at("/stop_reason/event_ids")).hasSize(1);
      assertThat(feed.events().getLast().at("/stop_reason/event_ids/0").asText())
          .isEqualTo(two.id());
      assertThat(status()).isEqualTo("idle");
    }
  }

  @Tag("contract-state-idle")
  @Test
  void runningThenTheTurnIsFinishedItIsIdle() {
    // Given
    String span = running();
    try (TestClient.Feed feed = feed()) {
      // When
      commit(
          all(
              List.of(FakeBrain.message("hi"), end(span, false)),
              FakeBrain.idle(StopReason.END_TURN)));
      // Then
      brings(
          feed,
          "agent.message",
          "span.model_request_end",
          "session.thread_status_idle",
          "session.usage",
          "session.status_idle");
      assertThat(feed.events().getLast().at("/stop_reason/type").asText()).isEqualTo("end_turn");
      assertThat(feed.events().getLast().has("stop_details")).isTrue();
      assertThat(feed.events().get(2).has("stop_details")).isTrue();
      assertThat(status()).isEqualTo("idle");
    }
  }

  @Tag("contract-state-requires-action")
  @Test
  void runningThenAnAnswerIsNeededItIsIdleAndNamesTheCalls() {
    // When
    AgentEvent.CustomToolUse call = custom();
    waitsFor(call);
    // Then
    JsonNode reason = last("session.status_idle").path("stop_reason");
    assertThat(status()).isEqualTo("idle");
    assertThat(reason.path("type").asText()).isEqualTo("requires_action");
    assertThat(reason.at("/event_ids/0").asText()).isEqualTo(call.id());
    assertThat(last("session.thread_status_idle").path("stop_reason")).isEqualTo(reason);
  }

  @Tag("contract-state-interrupt")
  @Test
  void runningThenAnInterruptItIsIdleWithoutAReasonOfItsOwn() {
    // Given
    String span = running();
    try (TestClient.Feed feed = feed()) {
      Answer taken = send("{'type':'user.interrupt'}");
      String meanwhile = status();
      // When: the brain takes it up
      Event interrupt = server.state(uid(id)).pendingInterrupt().orElseThrow();
      commit(all(List.of(interrupt, end(span, true)), FakeBrain.idle(StopReason.END_TURN)));
      // Then
      brings(
          feed,
          "user.interrupt",
          "span.model_request_end",
          "session.thread_status_idle",
          "session.usage",
          "session.status_idle");
      assertThat(taken.json().at("/data/0").has("processed_at")).as("not applied yet").isFalse();
      assertThat(meanwhile).isEqualTo("running");
      assertThat(feed.events().getLast().at("/stop_reason/type").asText()).isEqualTo("end_turn");
      assertThat(status()).isEqualTo("idle");
    }
  }

  @Tag("contract-state-rescheduled")
  @Test
  void runningThenATransientFailureItIsRescheduledAndThenRunsAgain() {
    // Given
    String span = running();
    try (TestClient.Feed feed = feed()) {
      // When
      commit(all(List.of(end(span, true)), failed(RetryStatus.RETRYING), rescheduled()));
      String waiting = status();
      commit(List.of(new SessionEvent.StatusRunning(IDS.event())));
      // Then
      brings(
          feed,
          "span.model_request_end",
          "session.error",
          "session.thread_status_rescheduled",
          "session.status_rescheduled",
          "session.status_running");
      assertThat(feed.events().get(1).at("/error/retry_status/type").asText())
          .isEqualTo("retrying");
      assertThat(waiting).isEqualTo("rescheduling");
      assertThat(status()).isEqualTo("running");
    }
  }

  @Tag("contract-errors-exhausted")
  @Test
  void rescheduledThenOutOfTriesItIsIdleAndUsable() {
    // Given
    String span = running();
    commit(all(List.of(end(span, true)), failed(RetryStatus.RETRYING), rescheduled()));
    // When
    commit(all(failed(RetryStatus.EXHAUSTED), FakeBrain.idle(StopReason.RETRIES_EXHAUSTED)));
    // Then
    assertThat(status()).isEqualTo("idle");
    assertThat(last("session.status_idle").at("/stop_reason/type").asText())
        .isEqualTo("retries_exhausted");
    assertThat(send(HELLO).status()).isEqualTo(200);
    assertThat(status()).isEqualTo("running");
  }

  @Tag("contract-sse-end")
  @Tag("contract-state-terminated")
  @Test
  void idleThenArchivedItIsTerminated() {
    // Given
    id = made("");
    try (TestClient.Feed feed = feed()) {
      // When
      client.method("POST", SESSIONS + "/" + id + "/archive");
      // Then
      await("the stream ends").until(feed::hasEnded);
      brings(feed, "session.thread_status_terminated", "session.status_terminated");
      assertThat(status()).isEqualTo("terminated");
    }
  }

  @Test
  void anErrorThatIsTerminalTerminatesIt() {
    // Given
    String span = running();
    try (TestClient.Feed feed = feed()) {
      // When
      commit(
          all(
              List.of(end(span, true)),
              failed(RetryStatus.TERMINAL),
              List.of(
                  new ThreadEvent.StatusTerminated(IDS.event(), "sthr_1", "Reviewer"),
                  new SessionEvent.StatusTerminated(IDS.event()))));
      // Then
      await("the stream ends").until(feed::hasEnded);
      brings(
          feed,
          "span.model_request_end",
          "session.error",
          "session.thread_status_terminated",
          "session.status_terminated");
      assertThat(status()).isEqualTo("terminated");
      assertError(send(HELLO), 400, "invalid_request_error", "has ended");
    }
  }

  @Tag("contract-state-deleted")
  @Test
  void idleOrTerminatedThenDeletedItIsGone() {
    // Given
    String idle = made("");
    id = made("");
    client.method("POST", SESSIONS + "/" + id + "/archive");
    try (TestClient.Feed feed = feed()) {
      // When
      Answer first = client.method("DELETE", SESSIONS + "/" + idle);
      Answer second = client.method("DELETE", SESSIONS + "/" + id);
      // Then
      assertThat(first.json().path("type").asText()).isEqualTo("session_deleted");
      assertThat(second.json().path("type").asText()).isEqualTo("session_deleted");
      await("the stream ends").until(feed::hasEnded);
      brings(feed, "session.deleted");
      assertThat(client.get(SESSIONS + "/" + idle).status()).isEqualTo(404);
      assertThat(client.get(SESSIONS + "/" + id).status()).isEqualTo(404);
    }
  }

  @Tag("contract-session-update-agent")
  @Test
  void whileItWorksItIsNeitherArchivedNorDeletedNorGivenOtherTools() {
    // Given
    String span = running();
    commit(all(List.of(end(span, true)), failed(RetryStatus.RETRYING), rescheduled()));
    // When
    List<Answer> answers =
        List.of(
            client.method("POST", SESSIONS + "/" + id + "/archive"),
            client.method("DELETE", SESSIONS + "/" + id),
            post(SESSIONS + "/" + id, "{'agent':{'tools':[]}}"));
    // Then
    assertThat(answers)
        .allSatisfy(answer -> assertError(answer, 400, "invalid_request_error", "rescheduling"));
  }
}
