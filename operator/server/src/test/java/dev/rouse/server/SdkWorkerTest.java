package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.server.resource.LogKeys;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.Phase;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A worker as the official SDKs have it serves a session, call by call (contract §1.4, §8.2). */
class SdkWorkerTest extends WorkFixture {

  private static final Duration BRIEFLY = Duration.ofMillis(300);

  private HttpClient http;

  @BeforeEach
  void connect() {
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void disconnect() {
    http.shutdownNow();
  }

  private SdkWorker sdk(String name) {
    return new SdkWorker(
        http,
        URI.create("http://127.0.0.1:" + server.edge.port()),
        environment,
        key,
        name,
        BRIEFLY,
        call -> "ran " + call.at("/input/command").asText());
  }

  @Tag("contract-work-worker")
  @Test
  void itRunsWhatWaitsPostsResultsStaysForTheNextTurnAndStops() {
    // Given
    AgentEvent.ToolUse one = FakeBrain.bash("make");
    AgentEvent.ToolUse two = FakeBrain.bash("test");
    AgentEvent.ToolUse three = FakeBrain.bash("deploy");
    String uid = waiting(one, two);
    try (SdkWorker sdk = sdk("lab").start()) {
      // When
      await("the model is due").until(() -> server.state(uid).phase() == Phase.RUNNING);
      call(uid, "second", three);
      await("and again")
          .until(() ->
              server.state(uid).phase() == Phase.RUNNING
                  && server.state(uid).openToolUses().isEmpty());
      call(uid, "third");
      // Then
      awaitState(uid, "stopped");
      assertThat(sdk.executed()).containsExactly(one.id(), two.id(), three.id());
      assertThat(sdk.beats()).isNotEmpty().containsOnly(200);
      assertThat(texts(uid)).containsExactly("ran make", "ran test", "ran deploy");
      assertThat(cluster.work.all()).hasSize(1);
    }
  }

  @Test
  void whatItsForerunnerLeftIsTakenUpAndNothingIsAnsweredTwice() {
    // Given
    AgentEvent.ToolUse one = FakeBrain.bash("make");
    AgentEvent.ToolUse two = FakeBrain.bash("test");
    String uid = waiting(one, two);
    awaitState(uid, "queued");
    TestClient dead = as(SdkWorker.token(sdk("dead").poll().orElseThrow()));
    ok(dead.postText(events(uid), result(one.id(), "ran make")));
    // When
    clock.forward(Duration.ofSeconds(91));
    try (SdkWorker sdk = sdk("next").start()) {
      // Then
      await("the model is due").until(() -> server.state(uid).phase() == Phase.RUNNING);
      assertThat(sdk.executed()).containsExactly(two.id());
      assertThat(texts(uid)).containsExactly("ran make", "ran test");
    }
  }

  @Test
  void aCallThatWasInterruptedIsNotRunLater() {
    // Given
    AgentEvent.ToolUse one = FakeBrain.bash("rm -r /");
    String uid = waiting(one);
    ok(client.postText(events(uid), "{\"events\":[{\"type\":\"user.interrupt\"}]}"));
    cluster.harness(uid, "pod-1");
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid)) {
      brain.wake();
      List<Event> events = new ArrayList<>(server.state(uid).queued().values());
      events.add(server.state(uid).openToolUses().get(one.id()).failed(IDS.event(), "interrupted"));
      events.addAll(FakeBrain.idle(StopReason.END_TURN));
      assertThat(brain.commit("interrupted", events).status()).isEqualTo(200);
    }
    ok(
        client.postText(
            events(uid),
            "{\"events\":[{\"type\":\"user.message\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}]}"));
    AgentEvent.ToolUse two = FakeBrain.bash("ls");
    call(uid, "next", two);
    // When
    clock.forward(Duration.ofSeconds(3));
    try (SdkWorker sdk = sdk("lab").start()) {
      // Then
      await("the model is due").until(() -> server.state(uid).phase() == Phase.RUNNING);
      assertThat(sdk.executed()).containsExactly(two.id());
    }
  }

  private List<String> texts(String uid) {
    return server
        .logs
        .of(LogKeys.of(cluster.get(uid)))
        .read(0, Integer.MAX_VALUE)
        .filter(record -> record.event() instanceof UserEvent.ToolResult)
        .map(record -> ContentBlock.textOf(((UserEvent.ToolResult) record.event()).content()))
        .toList();
  }
}
