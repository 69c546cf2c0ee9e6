package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.EventCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The work queue of a self-hosted environment (contract §1.4, contract-updates §1.4). */
class WorkApiTest extends WorkFixture {

  private Answer post(String path) {
    return worker.postText(path, "");
  }

  private String started() {
    String path = path(claimed());
    ok(post(path + "/ack"));
    return path;
  }

  @Tag("contract-work-poll")
  @Test
  void anEmptyPollIsTheJsonNull() {
    // When
    Answer answer = worker.get(work + "/poll");
    // Then
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.response().body()).isEqualTo("null");
  }

  @Tag("contract-work-poll")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "block_ms=0",
        "block_ms=1000",
        "block_ms=x",
        "reclaim_older_than_ms=-1",
        "reclaim_older_than_ms=x"
      })
  void aPollBlocksFor1To999Milliseconds(String query) {
    // When
    Answer answer = worker.get(work + "/poll?" + query);
    // Then
    assertError(
        answer, 400, "invalid_request_error", query.substring(0, query.indexOf('=')) + ": must be");
  }

  @Test
  void aPollThatBlocksGetsWorkAsItComes() throws Exception {
    // Given
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<JsonNode> polled = threads.submit(this::claimed);
      // When
      String uid = waiting(FakeBrain.bash("make"));
      // Then
      assertThat(polled.get().at("/data/id").asText()).isEqualTo(WireIds.session(uid));
    }
  }

  @Tag("contract-work-poll")
  @Test
  void workHasEveryFieldThatTheContractRequiresAndASecretInThePollAlone() {
    // Given
    waiting(FakeBrain.bash("make"));
    // When
    JsonNode item = claimed();
    JsonNode read = ok(client.get(path(item)));
    // Then
    List<String> fields = new ArrayList<>();
    item.fieldNames().forEachRemaining(fields::add);
    assertThat(fields)
        .containsExactlyInAnyOrder(
            "id",
            "type",
            "environment_id",
            "state",
            "data",
            "metadata",
            "secret",
            "created_at",
            "acknowledged_at",
            "started_at",
            "latest_heartbeat_at",
            "stop_requested_at",
            "stopped_at");
    assertThat(item.path("id").asText()).startsWith("work_");
    assertThat(item.path("type").asText()).isEqualTo("work");
    assertThat(item.path("state").asText()).isEqualTo("queued");
    assertThat(item.path("environment_id").asText()).isEqualTo(environment);
    assertThat(item.at("/data/type").asText()).isEqualTo("session");
    assertThat(SdkWorker.token(item)).startsWith("rouse-work_");
    assertThat(read.has("secret") && read.path("secret").isNull()).isTrue();
    assertThat(ok(worker.get(work)).at("/data/0/secret").isNull()).isTrue();
  }

  @Tag("contract-work-poll")
  @Test
  void twoPollersNeverGetOneItem() throws Exception {
    // Given
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sessions.add(waiting("s" + i, "farm", FakeBrain.bash("make")));
    }
    sessions.forEach(uid -> awaitState(uid, "queued"));
    List<Future<JsonNode>> polls = new ArrayList<>();
    // When
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        polls.add(threads.submit(() -> ok(worker.get(work + "/poll"))));
      }
    }
    // Then
    Set<String> got = new HashSet<>();
    for (Future<JsonNode> poll : polls) {
      if (!poll.get().isNull()) {
        assertThat(got.add(poll.get().at("/data/id").asText())).isTrue();
      }
    }
    assertThat(got).hasSize(5);
  }

  @Tag("contract-work-reclaim")
  @Test
  void whatIsNotAcknowledgedInTimeIsClaimedAgain() {
    // Given
    waiting(FakeBrain.bash("make"));
    JsonNode item = claimed();
    // When
    clock.forward(Duration.ofMillis(4999));
    JsonNode early = ok(worker.get(work + "/poll"));
    JsonNode wanted = ok(worker.get(work + "/poll?reclaim_older_than_ms=1000"));
    clock.forward(Duration.ofMillis(5000));
    JsonNode late = ok(worker.get(work + "/poll"));
    // Then
    assertThat(early.isNull()).isTrue();
    assertThat(wanted.path("id")).isEqualTo(item.path("id"));
    assertThat(late.path("id")).isEqualTo(item.path("id"));
  }

  @Tag("contract-work-ack")
  @Test
  void ackStartsAndSayingSoAgainDoesNoHarm() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = path(claimed());
    // When
    JsonNode once = ok(post(path + "/ack"));
    JsonNode twice = ok(post(path + "/ack"));
    // Then
    assertThat(once.path("state").asText()).isEqualTo("starting");
    assertThat(once.path("acknowledged_at").isTextual()).isTrue();
    assertThat(twice).isEqualTo(once);
    clock.forward(Duration.ofMinutes(1));
    assertThat(ok(worker.get(work + "/poll")).isNull()).isTrue();
  }

  @Tag("contract-work-stop")
  @Test
  void whatIsStoppedIsNotStoppedAgainNorAcknowledged() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = path(claimed());
    ok(worker.postText(path + "/stop", "{\"force\":true}"));
    // When
    Answer stop = worker.postText(path + "/stop", "{\"force\":true}");
    Answer ack = post(path + "/ack");
    // Then
    for (Answer answer : List.of(stop, ack)) {
      assertError(answer, 409, "conflict_error", "stopped already");
      assertThat(answer.header("x-should-retry")).contains("false");
    }
  }

  @Test
  void stoppingWhatNobodyHasBegunStopsItAtOnce() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = started();
    // When
    JsonNode answer = ok(worker.postText(path + "/stop", ""));
    // Then
    assertThat(answer.path("state").asText()).isEqualTo("stopped");
  }

  @Tag("contract-work-update")
  @Test
  void labelsAreMergedAndNullTakesOneAway() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = path(claimed());
    ok(client.postText(path, "{\"metadata\":{\"a\":\"1\",\"b\":\"2\"}}"));
    // When
    JsonNode after = ok(client.postText(path, "{\"metadata\":{\"a\":null,\"c\":\"\"}}"));
    JsonNode kept = ok(client.postText(path, "{}"));
    Answer unknown = client.postText(path, "{\"state\":\"stopped\"}");
    Answer tooLong = client.postText(path, "{\"metadata\":{\"k\":\"" + "x".repeat(513) + "\"}}");
    // Then
    assertThat(after.path("metadata").toString()).isEqualTo("{\"b\":\"2\",\"c\":\"\"}");
    assertThat(kept).isEqualTo(after);
    assertError(unknown, 400, "invalid_request_error", "state: there is no such field");
    assertError(tooLong, 400, "invalid_request_error", "metadata.k");
  }

  @Tag("contract-work-stats")
  @Test
  void statsCountWhatWaitsWhatIsPendingAndWhoPolled() {
    // Given
    String first = waiting("s1", "farm", FakeBrain.bash("make"));
    awaitState(first, "queued");
    clock.forward(Duration.ofSeconds(1));
    awaitState(waiting("s2", "farm", FakeBrain.bash("make")), "queued");
    String oldest =
        EventCodec.timestamp(server.workItems.ofSession(first).orElseThrow().createdAt());
    // When
    worker.get(work + "/poll", "Anthropic-Worker-ID", "one");
    worker.get("/v1/environments/" + environment + "/work/poll", "anthropic-worker-id", "one");
    clock.forward(Duration.ofSeconds(1));
    JsonNode pending = ok(client.get(work + "/stats"));
    clock.forward(Duration.ofSeconds(40));
    JsonNode later = ok(worker.get(work + "/stats"));
    // Then
    assertThat(pending.path("type").asText()).isEqualTo("work_queue_stats");
    assertThat(pending.path("depth").asInt()).isZero();
    assertThat(pending.path("pending").asInt()).isEqualTo(2);
    assertThat(pending.path("workers_polling").asInt()).isEqualTo(1);
    assertThat(later.path("depth").asInt()).isEqualTo(2);
    assertThat(later.path("pending").asInt()).isZero();
    assertThat(later.path("workers_polling").asInt()).isZero();
    assertThat(pending.path("oldest_queued_at").asText()).isEqualTo(oldest);
    assertThat(later.path("oldest_queued_at").asText()).isEqualTo(oldest);
  }

  @Tag("contract-work-stats")
  @Test
  void anEmptyQueueHasNoOldest() {
    // When
    JsonNode stats = ok(client.get(work + "/stats"));
    // Then
    assertThat(stats.has("oldest_queued_at") && stats.path("oldest_queued_at").isNull()).isTrue();
    assertThat(stats.path("depth").asInt()).isZero();
  }

  @Tag("contract-work-list")
  @Test
  void aListIsReadPageByPage() {
    // Given
    for (int i = 0; i < 3; i++) {
      awaitState(waiting("s" + i, "farm", FakeBrain.bash("make")), "queued");
      clock.forward(Duration.ofSeconds(1));
    }
    // When
    JsonNode first = ok(worker.get(work + "?limit=2"));
    JsonNode second = ok(worker.get(work + "?limit=2&page=" + first.path("next_page").asText()));
    Answer foreign = worker.get(work + "?page=page_x");
    // Then
    Set<String> ids = new HashSet<>();
    first.path("data").forEach(item -> ids.add(item.path("id").asText()));
    second.path("data").forEach(item -> ids.add(item.path("id").asText()));
    assertThat(first.path("data")).hasSize(2);
    assertThat(ids).hasSize(3);
    assertThat(second.has("next_page") && second.path("next_page").isNull()).isTrue();
    assertError(foreign, 400, "invalid_request_error", "page:");
  }

  @Test
  void anEnvironmentOfTypeCloudHasNoQueue() {
    // Given
    String cloud =
        WireIds.environment(
            cluster
                .environment(FakeCluster.NAMESPACE, "sandbox")
                .orElseThrow()
                .getMetadata()
                .getUid());
    // When
    Answer answer = client.get("/v1/environments/" + cloud + "/work/stats");
    // Then
    assertError(answer, 400, "invalid_request_error", "type cloud");
  }

  @Tag("contract-work-result")
  @Test
  void aResultIsProcessedOnReceiptAndDeduplicatedForEver() {
    // Given
    AgentEvent.ToolUse call = FakeBrain.bash("make");
    AgentEvent.ToolUse other = FakeBrain.bash("test");
    String uid = waiting(call, other);
    TestClient token = as(SdkWorker.token(claimed()));
    // When
    Answer first = token.postText(events(uid), result(call.id(), "ok"));
    Answer again = token.postText(events(uid), result(call.id(), "ok"));
    Answer different = token.postText(events(uid), result(call.id(), "broken"));
    // Then
    assertThat(ok(first).at("/data/0/processed_at").isTextual()).isTrue();
    assertThat(ok(again)).isEqualTo(first.json());
    assertError(different, 400, "invalid_request_error", first.json().at("/data/0/id").asText());
    assertThat(server.state(uid).awaited()).containsExactly(other.id());
  }

  @Test
  void anAskedCallBecomesWorkWhenAPersonAllowsIt() {
    // Given
    AgentEvent.ToolUse asked =
        new AgentEvent.ToolUse(
            IDS.event(), "bash", FakeBrain.bash("rm").input(), "ask", null, null);
    String uid = waiting(asked);
    await("the status waits for a person")
        .until(() -> cluster.get(uid).getStatus().pendingActions().size() == 1);
    // When
    boolean early = ok(worker.get(work + "/poll")).isNull();
    ok(
        as("approver")
            .postText(
                events(uid),
                "{\"events\":[{\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"%s\",\"result\":\"allow\"}]}"
                    .formatted(asked.id())));
    JsonNode item = claimed();
    // Then
    assertThat(early).isTrue();
    assertThat(item.at("/data/id").asText()).isEqualTo(WireIds.session(uid));
    await("no person is waited for any more")
        .until(() -> cluster.get(uid).getStatus().pendingActions().isEmpty());
  }
}
