package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.AgentEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which credential opens what to workers (contract §1.4, contract-updates §1.4). */
class WorkerCredentialsTest extends WorkFixture {

  private String session;
  private String item;
  private AgentEvent.ToolUse call;
  private TestClient token;

  private void claim() {
    call = FakeBrain.bash("make");
    session = waiting(call);
    JsonNode claimed = claimed();
    item = path(claimed);
    token = as(SdkWorker.token(claimed));
  }

  private TestClient holder(String who) {
    return switch (who) {
      case "key" -> worker;
      case "token" -> token;
      default -> client;
    };
  }

  @Tag("contract-work-list")
  @Tag("contract-work-retrieve")
  @Tag("contract-work-credentials")
  @ParameterizedTest(name = "{0}: {1} {2} -> {3}")
  @CsvSource({
    "key,GET,LIST,200",
    "token,GET,LIST,403",
    "account,GET,LIST,403",
    "key,GET,POLL,200",
    "token,GET,POLL,403",
    "account,GET,POLL,403",
    "key,GET,STATS,200",
    "token,GET,STATS,403",
    "account,GET,STATS,200",
    "key,GET,ITEM,403",
    "token,GET,ITEM,403",
    "account,GET,ITEM,200",
    "key,POST,ITEM,403",
    "token,POST,ITEM,403",
    "account,POST,ITEM,200",
    "key,POST,ITEM/ack,200",
    "token,POST,ITEM/ack,200",
    "account,POST,ITEM/ack,403",
    "key,POST,ITEM/heartbeat,200",
    "token,POST,ITEM/heartbeat,200",
    "account,POST,ITEM/heartbeat,403",
    "key,POST,ITEM/stop,200",
    "token,POST,ITEM/stop,200",
    "account,POST,ITEM/stop,200",
    "key,GET,SESSION,200",
    "token,GET,SESSION,200",
    "key,GET,SESSION/events?limit=1000,200",
    "token,GET,SESSION/events?limit=1000,200",
    "key,POST,SESSION/archive,403",
    "token,POST,SESSION/archive,403",
    "token,GET,/v1/sessions,403",
    "key,GET,/v1/agents,403",
    "token,GET,ENVIRONMENT,403",
    "key,GET,/rouse/v1/sessions/x/log,403"
  })
  void eachEndpointTakesTheseCredentials(String who, String method, String path, int status) {
    // Given
    claim();
    String full =
        path.replace("LIST", work)
            .replace("POLL", work + "/poll")
            .replace("STATS", work + "/stats")
            .replace("ITEM", item)
            .replace("ENVIRONMENT", work.substring(0, work.lastIndexOf('/')))
            .replace("SESSION", events(session).substring(0, events(session).lastIndexOf('/')));
    // When
    Answer answer = holder(who).method(method, full);
    // Then
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    if (status == 403) {
      assertThat(answer.json().at("/error/type").asText()).isEqualTo("permission_error");
    }
  }

  @Test
  void anApiKeyThatMayNotPollIsToldHowToMakeAKey() {
    // When
    Answer answer = client.get(work + "/poll");
    // Then
    assertError(answer, 403, "permission_error", "kubectl rouse environment-key create");
  }

  @Tag("contract-work-credentials")
  @Test
  void aKeyIsForItsEnvironmentOnly() {
    // Given
    environment("other");
    String otherKey = newKey();
    grant(otherKey, "other");
    claim();
    String elsewhere = waiting("elsewhere", "other", FakeBrain.bash("ls"));
    TestClient other = as(otherKey);
    // When
    List<Answer> answers =
        List.of(
            other.get(work),
            other.get(work + "/poll"),
            other.postText(item + "/ack", ""),
            other.get(events(session)),
            worker.get(events(elsewhere)),
            token.get(events(elsewhere)));
    // Then
    for (Answer answer : answers) {
      assertError(answer, 404, "not_found_error", "there is no");
      assertThat(answer.response().body()).doesNotContain("other");
    }
  }

  @Tag("contract-work-credentials")
  @Test
  void aTokenIsForItsItemOnly() {
    // Given
    claim();
    String second = waiting("second", "farm", FakeBrain.bash("ls"));
    JsonNode other = claimed();
    // When
    Answer foreignItem = token.postText(path(other) + "/heartbeat", "");
    Answer foreignSession = token.get(events(second));
    // Then
    assertError(foreignItem, 404, "not_found_error", "work item");
    assertError(foreignSession, 404, "not_found_error", "session");
  }

  @Tag("contract-work-credentials")
  @Tag("contract-work-heartbeat")
  @Test
  void aTokenDiesWithItsItem() {
    // Given
    claim();
    ok(token.get(events(session)));
    // When
    ok(client.postText(item + "/stop", "{\"force\":true}"));
    Answer read = token.get(events(session));
    Answer result = token.postText(events(session), result(call.id(), "ok"));
    Answer beat = token.postText(item + "/heartbeat", "");
    Answer stop = token.postText(item + "/stop", "{\"force\":true}");
    // Then
    assertError(read, 401, "authentication_error", "stopped");
    assertError(result, 401, "authentication_error", "stopped");
    assertThat(ok(beat).path("state").asText()).isEqualTo("stopped");
    assertThat(beat.json().path("last_heartbeat")).as("there is none").hasToString("\"\"");
    assertThat(stop.status()).isEqualTo(409);
  }

  @Test
  void aTokenDiesWithItsSession() {
    // Given
    claim();
    // When
    ok(client.postText("/v1/sessions/" + WireIds.session(session) + "/archive", ""));
    awaitState(session, "stopped");
    Answer read = token.get(events(session));
    // Then
    assertError(read, 401, "authentication_error", "stopped");
  }

  @Test
  void aTokenDiesWithTheKeyThatItWasClaimedWith() {
    // Given
    claim();
    // When
    cluster.grants.revoke(key);
    Answer polled = worker.get(work + "/poll");
    Answer read = token.get(events(session));
    // Then
    assertError(polled, 401, "authentication_error", "environment key is not valid");
    assertError(read, 401, "authentication_error", "was revoked");
  }

  @Test
  void aTokenThatWasChangedIsNone() {
    // Given
    claim();
    String text = SdkWorker.token(ok(worker.get(work + "/poll?reclaim_older_than_ms=0")));
    String payload = text.substring(0, text.indexOf('.'));
    // When
    Answer changed = as(payload + "x" + text.substring(text.indexOf('.'))).get(events(session));
    Answer unsigned = as(payload).get(events(session));
    // Then
    assertError(changed, 401, "authentication_error", "not valid");
    assertError(unsigned, 401, "authentication_error", "not valid");
  }

  @Tag("contract-work-credentials")
  @Test
  void aWorkerSendsResultsAndNothingElse() {
    // Given
    claim();
    // When
    Answer message =
        token.postText(
            events(session),
            "{\"events\":[{\"type\":\"user.message\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}]}");
    Answer interrupt =
        worker.postText(events(session), "{\"events\":[{\"type\":\"user.interrupt\"}]}");
    Answer approval =
        token.postText(
            events(session),
            "{\"events\":[{\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"x\",\"result\":\"allow\"}]}");
    // Then
    for (Answer answer : List.of(message, interrupt, approval)) {
      assertError(answer, 403, "permission_error", "");
    }
    ok(worker.postText(events(session), result(call.id(), "ok")));
  }

  @Test
  void anotherWorkspaceThanItsOwnIsRefused() {
    // When
    Answer same = worker.get(work, "anthropic-workspace-id", FakeCluster.NAMESPACE);
    Answer other = worker.get(work, "anthropic-workspace-id", "team-b");
    // Then
    ok(same);
    assertError(other, 400, "invalid_request_error", "anthropic-workspace-id");
  }

  @Test
  void aStreamEndsWithTheItemOfItsToken() {
    // Given
    claim();
    try (TestClient.Feed feed = token.open(events(session) + "/stream")) {
      assertThat(feed.status()).isEqualTo(200);
      // When
      ok(client.postText(item + "/stop", "{\"force\":true}"));
      // Then
      await("the stream ends").atMost(Duration.ofSeconds(30)).until(feed::hasEnded);
    }
  }
}
