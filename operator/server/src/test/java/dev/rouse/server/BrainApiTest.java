package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.log.memory.InMemoryLogStore.Failure;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.Phase;
import dev.rouse.session.StopReason;
import dev.rouse.session.protocol.BrainProtocol.HandsRequest;
import dev.rouse.session.protocol.Ticket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrainApiTest {

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews =
      new FakeReviews()
          .pod("brain-1", FakeCluster.NAMESPACE, "pod-1")
          .pod("brain-2", FakeCluster.NAMESPACE, "pod-2");
  private final InMemoryLogStore store = new InMemoryLogStore();
  private InProcessServer server;
  private String uid;
  private FakeBrain brain;

  @BeforeEach
  void start() throws Exception {
    server = new InProcessServer(cluster, reviews, store);
    uid = cluster.session("review", "hello").getMetadata().getUid();
    await("the session runs").until(() -> server.state(uid).phase() == Phase.RUNNING);
    cluster.harness(uid, "pod-1");
    brain = brain("brain-1");
  }

  @AfterEach
  void stop() {
    brain.close();
    server.close();
  }

  private FakeBrain brain(String token) {
    return new FakeBrain(server.edge.port(), token, uid);
  }

  private static void assertRefused(Answer answer, int status, String code) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().path("code").asText()).isEqualTo(code);
    assertThat(answer.json().path("message").asText()).isNotBlank();
  }

  @Test
  void aWholeTurnFromWakeToIdle() {
    // Given
    Answer wake = brain.wake();
    List<Event> inputs = FakeBrain.queued(brain.records(0));
    // When
    Answer committed = brain.turn("turn", inputs, "hi");
    // Then
    assertThat(wake.json().path("epoch").asInt()).isEqualTo(1);
    assertThat(inputs).hasSize(1);
    assertThat(committed.status()).isEqualTo(200);
    assertThat(committed.json().path("records")).hasSize(7);
    assertThat(server.state(uid).phase()).isEqualTo(Phase.IDLE);
    await("the status")
        .untilAsserted(() -> {
          assertThat(cluster.get(uid).getStatus().phase()).isEqualTo("Idle");
          assertThat(cluster.get(uid).getStatus().stopReason()).isEqualTo("end_turn");
          assertThat(cluster.get(uid).getStatus().usage().inputTokens()).isEqualTo(100);
          assertThat(cluster.get(uid).getStatus().log().tail())
              .containsExactly("user: hello", "agent: hi");
        });
  }

  @Test
  void aBrainThatWasTakenAwayDoesNotCountAgainstTheSession() {
    // Given five brains that did nothing, the third of which was evicted
    for (int i = 1; i <= 5; i++) {
      reviews.pod("lazy-" + i, FakeCluster.NAMESPACE, "lazy-pod-" + i);
      cluster.harness(uid, "lazy-pod-" + i);
      assertThat(brain("lazy-" + i).wake().status()).isEqualTo(200);
    }
    reviews
        .pod("sixth", FakeCluster.NAMESPACE, "pod-6")
        .pod("seventh", FakeCluster.NAMESPACE, "pod-7");
    // When
    cluster.harness(uid, "pod-6", List.of("lazy-pod-3"));
    Answer sixth = brain("sixth").wake();
    cluster.harness(uid, "pod-7", List.of("lazy-pod-3"));
    Answer seventh = brain("seventh").wake();
    // Then
    assertThat(sixth.status()).isEqualTo(200);
    assertRefused(seventh, 409, "POISONED");
  }

  @Test
  void refusesWhoIsNotTheBrain() {
    // Given
    reviews.pod("elsewhere", "team-b", "pod-1").person("ci", FakeCluster.NAMESPACE, "ci");
    // When
    // Then
    assertRefused(brain("brain-2").records(0), 409, "FENCED");
    assertRefused(brain("elsewhere").records(0), 409, "FENCED");
    assertRefused(brain("ci").wake(), 401, "UNAUTHENTICATED");
    assertRefused(brain("nonsense").wake(), 401, "UNAUTHENTICATED");
    assertRefused(brain("").records(0), 401, "UNAUTHENTICATED");
    assertRefused(
        new FakeBrain(server.edge.port(), "brain-1", "11111111-1111-1111-1111-111111111111")
            .records(0),
        404,
        "GONE");
    assertThat(server.state(uid).epoch()).isZero();
  }

  @Test
  void waitsForTheOperatorToNameThePod() {
    // Given
    CompletableFuture<Answer> waking = CompletableFuture.supplyAsync(() -> brain("brain-2").wake());
    // When the operator is a little late, and what is watched is later still
    cluster.silence(true);
    cluster.harness(uid, "pod-2");
    // Then
    assertThat(waking.join().status()).isEqualTo(200);
    cluster.silence(false);
  }

  @Test
  void fencesABrainThatWasReplaced() {
    // Given
    brain.wake();
    cluster.harness(uid, "pod-2");
    try (FakeBrain second = brain("brain-2")) {
      second.wake();
      // When
      Answer old = brain.commit("old", List.of(FakeBrain.message("zombie")));
      // Then
      assertRefused(old, 409, "FENCED");
      assertRefused(brain.hands(null), 409, "FENCED");
      assertThat(second.commit("new", List.of(FakeBrain.message("fine"))).status()).isEqualTo(200);
    }
  }

  @Test
  void fencesAnOldEpochOfTheSamePodName() {
    // Given the harness names the old pod again, by a lagging operator
    brain.wake();
    cluster.harness(uid, "pod-2");
    try (FakeBrain second = brain("brain-2")) {
      second.wake();
      cluster.harness(uid, "pod-1");
      // When
      Answer old = brain.commit("old", List.of(FakeBrain.message("zombie")));
      // Then the log itself says who is the brain
      assertRefused(old, 409, "FENCED");
      assertRefused(brain.hands(null), 409, "FENCED");
    }
  }

  @Test
  void answersARepeatedCommitLikeTheFirst() {
    // Given
    brain.wake();
    List<Event> events = List.of(FakeBrain.message("once"));
    Answer first = brain.commit("c1", events);
    // When
    Answer again = brain.commit("c1", events);
    Answer other = brain.commit("c1", List.of(FakeBrain.message("other")));
    // Then
    assertThat(again.json()).isEqualTo(first.json());
    assertRefused(other, 409, "APPEND_ID_REUSED");
  }

  @Test
  void saysUnavailableWhenTheStoreIsAndTakesTheSameCommitLater() {
    // Given
    brain.wake();
    List<Event> events = List.of(FakeBrain.message("once"));
    store.failAppend(1, Failure.UNAVAILABLE);
    // When
    Answer refused = brain.commit("c1", events);
    Answer taken = brain.commit("c1", events);
    // Then
    assertRefused(refused, 503, "UNAVAILABLE");
    assertThat(taken.status()).isEqualTo(200);
  }

  @Test
  void saysUnavailableWhenNobodyCanBeIdentified() {
    // Given
    reviews.down(true);
    // When
    Answer answer = brain.wake();
    // Then
    assertRefused(answer, 503, "UNAVAILABLE");
  }

  @Test
  void mapsConflictAndInvalidRequests() {
    // Given
    brain.wake();
    // When
    // Then
    assertRefused(brain.commitAt("idle", FakeBrain.idle(StopReason.END_TURN), 0), 409, "CONFLICT");
    assertRefused(brain.raw("commits", Map.of("append_id", "x")), 400, "INVALID");
    assertRefused(brain.raw("commits", List.of(1)), 400, "INVALID");
    assertRefused(brain.raw("nothing", Map.of()), 404, "INVALID");
    assertRefused(brain.commit("none", List.of()), 400, "INVALID");
  }

  @Test
  void takesALargeCommitAndRefusesATooLargeOne() {
    // Given
    brain.wake();
    AgentEvent.ToolUse use = FakeBrain.bash("cat big");
    brain.commit("use", List.of(use));
    // When
    Answer taken = brain.commit("result", List.of(result(use, 8)));
    Answer refused = brain.commit("more", List.of(result(FakeBrain.bash("x"), 33)));
    // Then
    assertThat(taken.status()).isEqualTo(200);
    assertRefused(refused, 413, "INVALID");
    assertThat(brain.commit("after", List.of(FakeBrain.message("fine"))).status()).isEqualTo(200);
  }

  private static AgentEvent.ToolResult result(AgentEvent.ToolUse use, int mebibytes) {
    String text = "x".repeat(mebibytes * 1024 * 1024);
    return new AgentEvent.ToolResult(
        "sevt_result" + mebibytes, use.id(), List.of(ContentBlock.text(text)), false);
  }

  @Test
  void followsTheLogFromAnyPosition() {
    // Given
    brain.wake();
    try (TestClient.Feed feed = brain.follow(1)) {
      // When
      brain.commit("c1", List.of(FakeBrain.message("now")));
      // Then
      long head = server.state(uid).head();
      await("all records")
          .untilAsserted(() -> assertThat(feed.lines()).contains("id: " + head, "id: 1"));
      assertThat(feed.lines()).doesNotContain("id: 0");
      assertThat(feed.lines().stream().filter(line -> line.startsWith("id: "))).hasSize((int) head);
    }
  }

  @Test
  void wantsHandsAtOnceAndHandsThemOutWhenTheyAreReady() {
    // Given
    brain.wake();
    CompletableFuture<Answer> asking = CompletableFuture.supplyAsync(() -> brain.hands(null));
    await("generation 1 is wanted")
        .untilAsserted(
            () -> assertThat(cluster.get(uid).getStatus().handsWanted().generation()).isEqualTo(1));
    // When
    cluster.hands(uid, new Hands(1, "hands-1", "u", "http://10.0.0.1:8085", null, null));
    // Then
    Answer answer = asking.join();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("address").asText()).isEqualTo("http://10.0.0.1:8085");
    assertThat(
            Ticket.verify(answer.json().path("ticket").asText(), InProcessServer.KEYS.getPublic()))
        .contains(new Ticket(uid, 1, 1));
    assertThat(cluster.get(uid).getStatus().handsWanted().ticketKey())
        .isEqualTo(Ticket.encodeKey(InProcessServer.KEYS.getPublic()));
  }

  @Test
  void raisesTheGenerationOnlyWhenTheOperatorCallsItGone() {
    // Given hands that do not answer, which are not gone
    brain.wake();
    CompletableFuture.runAsync(() -> brain.hands(null));
    await("wanted").until(() -> cluster.get(uid).getStatus().handsWanted() != null);
    cluster.hands(uid, new Hands(1, "hands-1", "u", "http://10.0.0.1:8085", null, null));
    // When the brain doubts them
    Answer doubted = brain.hands(1);
    // Then
    assertThat(doubted.json().path("generation").asInt()).isEqualTo(1);
    // When the operator gives them up
    CompletableFuture<Answer> asking = CompletableFuture.supplyAsync(() -> brain.hands(1));
    cluster.hands(uid, new Hands(1, "hands-1", "u", null, "node lost", true));
    await("generation 2 is wanted")
        .untilAsserted(
            () -> assertThat(cluster.get(uid).getStatus().handsWanted().generation()).isEqualTo(2));
    String address = "http://10.0.0.2:8085";
    cluster.hands(
        uid, new Hands(2, "hands-2", "v", address, null, null, "node lost", null, null, null));
    // Then
    Answer given = asking.join();
    assertThat(given.json().path("generation").asInt()).isEqualTo(2);
    assertThat(given.json().path("last_exit").asText()).isEqualTo("node lost");
  }

  @Test
  void saysWhatTheOperatorSaysWhenHandsDoNotCome() {
    // Given
    brain.wake();
    CompletableFuture<Answer> asking = CompletableFuture.supplyAsync(() -> brain.hands(null));
    await("wanted").until(() -> cluster.get(uid).getStatus().handsWanted() != null);
    cluster.hands(uid, new Hands(1, "hands-1", "u", null, "no StorageClass", null));
    // When the call need not wait any longer
    server.sessions.stopWaiting();
    // Then
    Answer answer = asking.join();
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("generation").asInt()).isEqualTo(1);
    assertThat(answer.json().path("reason").asText()).isEqualTo("no StorageClass");
  }

  @Test
  void endsFollowersWhenTheSessionIsDeleted() {
    // Given
    brain.wake();
    try (TestClient.Feed feed = brain.follow(0)) {
      await("the first records").until(() -> !feed.events().isEmpty());
      // When
      cluster.delete(uid);
      // Then
      await("the end").atMost(Duration.ofSeconds(20)).until(feed::hasEnded);
      assertRefused(brain.commit("c", List.of(FakeBrain.message("x"))), 404, "GONE");
      assertRefused(brain.raw("hands", new HandsRequest(1, null)), 404, "GONE");
    }
  }
}
