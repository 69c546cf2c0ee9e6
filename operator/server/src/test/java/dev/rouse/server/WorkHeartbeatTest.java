package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.TestClient.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a worker keeps its work item (contract §1.4, contract-updates §1.4). */
class WorkHeartbeatTest extends WorkFixture {

  private static final String NO_HEARTBEAT = "?expected_last_heartbeat=NO_HEARTBEAT";

  private Answer post(String path) {
    return worker.postText(path, "");
  }

  private String started() {
    String path = path(claimed());
    ok(post(path + "/ack"));
    return path;
  }

  @Tag("contract-work-heartbeat")
  @Test
  void theFirstHeartbeatMakesItActiveAndEachIsComparedByteForByte() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = started();
    // When
    JsonNode first = ok(post(path + "/heartbeat" + NO_HEARTBEAT));
    String last = first.path("last_heartbeat").asText();
    JsonNode second = ok(post(path + "/heartbeat?expected_last_heartbeat=" + last));
    Answer stale = post(path + "/heartbeat?expected_last_heartbeat=" + last);
    Answer unbegun = post(path + "/heartbeat" + NO_HEARTBEAT);
    // Then
    assertThat(first.path("type").asText()).isEqualTo("work_heartbeat");
    assertThat(first.path("state").asText()).isEqualTo("active");
    assertThat(first.path("lease_extended").asBoolean()).isTrue();
    assertThat(first.path("ttl_seconds").asInt()).isEqualTo(90);
    assertThat(last).matches("[0-9T:-]+\\.[0-9]{6}Z");
    assertThat(second.path("last_heartbeat").asText()).isGreaterThan(last);
    for (Answer answer : List.of(stale, unbegun)) {
      assertError(answer, 412, "invalid_request_error", "expected_last_heartbeat");
      JsonNode details = answer.json().at("/error/details");
      assertThat(details.path("error_code").asText()).isEqualTo("heartbeat_precondition_failed");
      assertThat(details.path("error_visibility").asText()).isEqualTo("user_facing");
      assertThat(details.at("/current_state/last_heartbeat"))
          .isEqualTo(second.path("last_heartbeat"));
      assertThat(details.at("/current_state/state").asText()).isEqualTo("active");
      assertThat(details.at("/current_state/lease_extended").asBoolean()).isFalse();
      assertThat(details.at("/current_state/ttl_seconds").asInt()).isEqualTo(90);
    }
  }

  @Tag("contract-work-heartbeat")
  @Test
  void theItemSaysWhenItsWorkerStartedAndWasHeardOfLast() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = started();
    JsonNode starting = ok(client.get(path));
    // When
    clock.forward(Duration.ofSeconds(1));
    JsonNode first = ok(post(path + "/heartbeat" + NO_HEARTBEAT));
    clock.forward(Duration.ofSeconds(1));
    JsonNode second = ok(post(path + "/heartbeat"));
    JsonNode active = ok(client.get(path));
    // Then
    assertThat(starting.path("acknowledged_at").isTextual()).isTrue();
    assertThat(starting.path("started_at").isNull()).isTrue();
    assertThat(starting.path("latest_heartbeat_at").isNull()).isTrue();
    assertThat(active.path("acknowledged_at")).isEqualTo(starting.path("acknowledged_at"));
    assertThat(active.path("started_at")).isEqualTo(first.path("last_heartbeat"));
    assertThat(active.path("latest_heartbeat_at")).isEqualTo(second.path("last_heartbeat"));
    assertThat(second.path("last_heartbeat")).isNotEqualTo(first.path("last_heartbeat"));
  }

  @Tag("contract-work-heartbeat")
  @Test
  void aHeartbeatThatWasNeverGivenIsNullInTheDetails() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = started();
    // When
    Answer answer = post(path + "/heartbeat?expected_last_heartbeat=2026-01-01T00:00:00.000000Z");
    // Then
    JsonNode state = answer.json().at("/error/details/current_state");
    assertThat(answer.status()).isEqualTo(412);
    assertThat(state.has("last_heartbeat") && state.path("last_heartbeat").isNull()).isTrue();
  }

  @Test
  void aWorkerMayWishForATtl() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = started();
    // When
    JsonNode wished = ok(post(path + "/heartbeat" + NO_HEARTBEAT + "&desired_ttl_seconds=20"));
    JsonNode tooMuch = ok(post(path + "/heartbeat?desired_ttl_seconds=86400"));
    Answer nonsense = post(path + "/heartbeat?desired_ttl_seconds=soon");
    // Then
    assertThat(wished.path("ttl_seconds").asInt()).isEqualTo(20);
    assertThat(tooMuch.path("ttl_seconds").asInt()).isEqualTo(600);
    assertError(nonsense, 400, "invalid_request_error", "desired_ttl_seconds");
  }

  @Test
  void theWorkOfAWorkerThatFellSilentIsClaimedAgainAndTheSilentOneLearnsOfIt() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = started();
    String last = ok(post(path + "/heartbeat" + NO_HEARTBEAT)).path("last_heartbeat").asText();
    // When
    clock.forward(Duration.ofSeconds(89));
    boolean early = ok(worker.get(work + "/poll")).isNull();
    clock.forward(Duration.ofSeconds(1));
    JsonNode again = ok(worker.get(work + "/poll"));
    Answer silent = post(path + "/heartbeat?expected_last_heartbeat=" + last);
    // Then
    assertThat(early).isTrue();
    assertThat(path(again)).isEqualTo(path);
    assertThat(silent.status()).isEqualTo(412);
    assertThat(silent.json().at("/error/details/current_state/state").asText()).isEqualTo("queued");
  }

  @Tag("contract-work-heartbeat")
  @Test
  void stoppingAsksTheWorkerAndComparesNothingAnyMore() {
    // Given
    waiting(FakeBrain.bash("make"));
    String path = started();
    ok(post(path + "/heartbeat" + NO_HEARTBEAT));
    // When
    JsonNode stopping = ok(client.postText(path + "/stop", "{}"));
    JsonNode again = ok(client.postText(path + "/stop", "{\"force\":false}"));
    JsonNode beat = ok(post(path + "/heartbeat" + NO_HEARTBEAT));
    JsonNode stopped = ok(worker.postText(path + "/stop", "{\"force\":true}"));
    JsonNode after = ok(post(path + "/heartbeat" + NO_HEARTBEAT));
    // Then
    assertThat(stopping.path("state").asText()).isEqualTo("stopping");
    assertThat(stopping.path("stop_requested_at").isTextual()).isTrue();
    assertThat(again).isEqualTo(stopping);
    assertThat(beat.path("state").asText()).isEqualTo("stopping");
    assertThat(beat.path("lease_extended").asBoolean()).isFalse();
    assertThat(stopped.path("state").asText()).isEqualTo("stopped");
    assertThat(stopped.path("stopped_at").isTextual()).isTrue();
    assertThat(after.path("state").asText()).isEqualTo("stopped");
  }
}
