package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.Event;
import dev.rouse.session.StopReason;
import dev.rouse.session.protocol.Ticket;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The server on a real API server, under its shipped rights, with logs in ConfigMaps, real
 * pod-bound tokens, and real access reviews.
 */
class ServerIT {

  private static RealCluster cluster;

  private RealServer running;
  private String team;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = RealCluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void start() {
    running = RealServer.start(cluster, RealServer.BRISK);
    team = cluster.team();
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private SessionStatus status(String name) {
    Session session = cluster.get(team, name);
    return session.getStatus();
  }

  private void awaitPhase(String name, String phase) {
    await(name + " is " + phase)
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          assertThat(status(name)).isNotNull();
          assertThat(status(name).phase()).isEqualTo(phase);
        });
  }

  private FakeBrain brain(RealServer at, String uid, Pod pod) {
    return new FakeBrain(at.port(), cluster.brainToken(pod), uid);
  }

  private static List<String> types(JsonNode data) {
    List<String> types = new ArrayList<>();
    data.forEach(event -> types.add(event.path("type").asText()));
    return types;
  }

  @Test
  void fromTheObjectToTheAnswerAndBackIntoItsStatus() {
    // Given
    String token = cluster.reader(team);
    String uid = cluster.session(team, "review", "hello");
    awaitPhase("review", "Running");
    String path = "/v1/sessions/" + WireIds.session(uid);
    Pod pod = cluster.pod(team, "review-brain-1");
    cluster.operatorSays(team, "review", pod, 1, null);
    try (FakeBrain brain = brain(running, uid, pod);
        TestClient client = running.client(token);
        TestClient.Feed feed = client.open(path + "/events/stream")) {
      // When
      assertThat(brain.wake().status()).isEqualTo(200);
      brain.turn("turn-1", FakeBrain.queued(brain.records(0)), "hi");
      // Then the log says so at once, and the status after it
      assertThat(client.get(path).json().path("status").asText()).isEqualTo("idle");
      JsonNode page = client.get(path + "/events").json();
      assertThat(types(page.path("data")))
          .containsExactly(
              "session.status_running",
              "session.thread_status_running",
              "user.message",
              "span.model_request_start",
              "agent.message",
              "span.model_request_end",
              "session.thread_status_idle",
              "session.usage",
              "session.status_idle");
      await("the stream has it")
          .untilAsserted(() -> assertThat(feed.types()).endsWith("session.status_idle"));
      awaitPhase("review", "Idle");
      SessionStatus status = status("review");
      assertThat(status.stopReason()).isEqualTo("end_turn");
      assertThat(status.log().tail()).containsExactly("user: hello", "agent: hi");
      assertThat(status.provider()).isEqualTo("main");
      assertThat(status.agentVersion()).isEqualTo(1);
      assertThat(status.harness().uid()).isEqualTo(pod.getMetadata().getUid());
    }
  }

  @Test
  void aSecondBrainTakesOverThroughARestartedServerAndFencesTheFirst() {
    // Given
    String uid = cluster.session(team, "review", "hello");
    awaitPhase("review", "Running");
    Pod first = cluster.pod(team, "review-brain-1");
    cluster.operatorSays(team, "review", first, 1, null);
    String firstToken = cluster.brainToken(first);
    List<Event> events = List.of(FakeBrain.message("half"));
    try (FakeBrain brain = brain(running, uid, first)) {
      brain.wake();
      assertThat(brain.commit("half", events).status()).isEqualTo(200);
    }
    // When the server is another one, the brain goes on where it was
    running.close();
    running = RealServer.start(cluster, RealServer.BRISK);
    Pod second = cluster.pod(team, "review-brain-2");
    try (FakeBrain old = new FakeBrain(running.port(), firstToken, uid);
        FakeBrain brain = brain(running, uid, second)) {
      Answer again = old.wake();
      assertThat(again.json().path("epoch").asInt()).isEqualTo(1);
      assertThat(old.commit("half", events).status()).isEqualTo(200);
      cluster.operatorSays(team, "review", second, 2, null);
      assertThat(brain.wake().json().path("epoch").asInt()).isEqualTo(2);
      Answer zombie = old.commit("late", List.of(FakeBrain.message("late")));
      // Then
      assertThat(zombie.status()).isEqualTo(409);
      assertThat(zombie.json().path("code").asText()).isEqualTo("FENCED");
      String log = brain.records(0).response().body();
      assertThat(log.split("\"half\"", -1)).as("committed once").hasSize(2);
      assertThat(log).doesNotContain("late");
    }
  }

  @Tag("failure-2")
  @Test
  void twoServersAtOnceLoseAndDoubleNothing() {
    // Given
    try (RealServer other = RealServer.start(cluster, RealServer.BRISK)) {
      List<String> names = List.of("s0", "s1", "s2", "s3", "s4", "s5");
      // When
      List<String> uids =
          names.stream().map(name -> cluster.session(team, name, "one", "two")).toList();
      List<CompletableFuture<Void>> brains = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        String uid = uids.get(i);
        awaitPhase(name, "Running");
        Pod pod = cluster.pod(team, name + "-brain-1");
        cluster.operatorSays(team, name, pod, 1, null);
        brains.add(CompletableFuture.runAsync(() -> work(other, uid, pod)));
      }
      brains.forEach(CompletableFuture::join);
      // Then
      for (int i = 0; i < names.size(); i++) {
        awaitPhase(names.get(i), "Idle");
        try (FakeBrain reader = brain(running, uids.get(i), podOf(names.get(i)))) {
          List<String> lines = reader.records(0).response().body().lines().toList();
          assertThat(lines.stream().filter(line -> line.contains("rouse.message_delivered")))
              .hasSize(2);
          assertThat(lines.stream().filter(line -> line.contains("\"rouse.created\""))).hasSize(1);
          assertThat(lines.stream().filter(line -> line.contains("step "))).hasSize(10);
          assertThat(new HashSet<>(lines)).hasSameSizeAs(lines);
          long head = status(names.get(i)).log().head();
          assertThat(head).isEqualTo(lines.size() - 1);
        }
      }
    }
  }

  private Pod podOf(String name) {
    return cluster.admin().pods().inNamespace(team).withName(name + "-brain-1").get();
  }

  /** A turn whose commits go to both servers in turn. */
  private void work(RealServer other, String uid, Pod pod) {
    try (FakeBrain here = brain(running, uid, pod);
        FakeBrain there = brain(other, uid, pod)) {
      here.wake();
      there.wake();
      List<Event> inputs = FakeBrain.queued(here.records(0));
      there.commit("take-up", inputs);
      for (int i = 0; i < 10; i++) {
        FakeBrain next = i % 2 == 0 ? here : there;
        Answer answer = next.commit("c" + i, List.of(FakeBrain.message("step " + i)));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
      }
      here.commit("idle", FakeBrain.idle(StopReason.END_TURN));
    }
  }

  @Test
  void asksTheApiServerWhoMayDoWhat() {
    // Given
    String reader = cluster.reader(team);
    cluster.account(team, "stranger");
    String stranger = cluster.token(team, "stranger", "rouse");
    String elsewhere = cluster.reader(cluster.team());
    String uid = cluster.session(team, "review");
    awaitPhase("review", "Idle");
    Pod pod = cluster.pod(team, "review-brain-1");
    String path = "/v1/sessions/" + WireIds.session(uid);
    int port = running.port();
    // When
    // Then
    assertThat(new TestClient(port, reader).get(path).status()).isEqualTo(200);
    assertThat(new TestClient(port, stranger).get(path).status()).isEqualTo(403);
    assertThat(new TestClient(port, elsewhere).get(path).status()).isEqualTo(404);
    assertThat(new TestClient(port, elsewhere).get(path, "anthropic-workspace-id", team).status())
        .isEqualTo(403);
    assertThat(new TestClient(port, cluster.brainToken(pod)).get(path).status()).isEqualTo(401);
    assertThat(new TestClient(port, cluster.token(team, "reader", null)).get(path).status())
        .as("a token for the API server itself")
        .isEqualTo(401);
    assertThat(new TestClient(port, "nonsense").get(path).status()).isEqualTo(401);
    assertThat(new FakeBrain(port, reader, uid).wake().status()).isEqualTo(401);
    assertThat(
            new FakeBrain(port, cluster.token(team, "default", "rouse-brain"), uid).wake().status())
        .as("a token that is bound to no pod")
        .isEqualTo(401);
    Pod another = cluster.pod(team, "another");
    cluster.operatorSays(team, "review", pod, 1, null);
    assertThat(brain(running, uid, another).records(0).status()).isEqualTo(409);
    assertThat(brain(running, uid, pod).records(0).status()).isEqualTo(200);
  }

  @Test
  void wantsHandsInTheStatusAndSignsTicketsForThem() {
    // Given
    String uid = cluster.session(team, "review", "hello");
    awaitPhase("review", "Running");
    Pod pod = cluster.pod(team, "review-brain-1");
    cluster.operatorSays(team, "review", pod, 1, null);
    try (FakeBrain brain = brain(running, uid, pod)) {
      brain.wake();
      CompletableFuture<Answer> asking = CompletableFuture.supplyAsync(() -> brain.hands(null));
      await("hands are wanted")
          .untilAsserted(() -> assertThat(status("review").handsWanted()).isNotNull());
      // When
      Hands hands = new Hands(1, "review-hands-1", "u", "http://10.0.0.1:8085", null, null);
      cluster.operatorSays(team, "review", pod, 1, hands);
      // Then
      Answer answer = asking.join();
      assertThat(answer.json().path("address").asText()).isEqualTo("http://10.0.0.1:8085");
      assertThat(
              Ticket.verify(
                  answer.json().path("ticket").asText(),
                  Ticket.decodeKey(status("review").handsWanted().ticketKey())))
          .contains(new Ticket(uid, 1, 1));
      // And the server's other statuses leave what is wanted alone
      brain.turn("turn", FakeBrain.queued(brain.records(0)), "done");
      awaitPhase("review", "Idle");
      assertThat(status("review").handsWanted().generation()).isEqualTo(1);
      assertThat(status("review").hands().address()).isEqualTo("http://10.0.0.1:8085");
    }
  }

  @Test
  void healsWhenWhatItRefersToComes() {
    // Given
    String bare = "bare-" + team;
    cluster.namespace(bare);
    cluster.session(bare, "review", "hello");
    team = bare;
    awaitPhase("review", "Pending");
    // When
    cluster.create(bare, FakeCluster.environment("sandbox"));
    cluster.create(bare, FakeCluster.agent("reviewer"));
    cluster.create(bare, FakeCluster.provider("main"));
    // Then
    awaitPhase("review", "Running");
  }

  @Tag("failure-10")
  @Test
  void writesLittleAtTheStartAndNothingAtRest() {
    // Given
    cluster.writes.clear();
    cluster.session(team, "review", "hello");
    awaitPhase("review", "Running");
    await("what comes after has come").pollDelay(Duration.ofSeconds(2)).until(() -> true);
    List<String> first = List.copyOf(cluster.writes);
    // When several rechecks pass
    cluster.writes.clear();
    await("rest").pollDelay(Duration.ofSeconds(4)).until(() -> true);
    // Then
    assertThat(cluster.writes).isEmpty();
    assertThat(first).as("agent version, record 0, message, status").hasSize(4);
  }

  @Test
  void aDeletedSessionEndsItsStreamsAndItsNameBeginsAnew() {
    // Given
    String token = cluster.reader(team);
    String uid = cluster.session(team, "review", "hello");
    awaitPhase("review", "Running");
    String path = "/v1/sessions/" + WireIds.session(uid);
    try (TestClient client = running.client(token);
        TestClient.Feed feed = client.open(path + "/events/stream")) {
      await("open").until(() -> feed.lines().contains(": connected"));
      // When
      cluster.admin().resources(Session.class).inNamespace(team).withName("review").delete();
      // Then
      await("the end").atMost(Duration.ofSeconds(15)).until(feed::hasEnded);
      assertThat(feed.types()).containsExactly("session.deleted");
      assertThat(client.get(path).status()).isEqualTo(404);
      cluster.session(team, "review");
      awaitPhase("review", "Idle");
      assertThat(status("review").log().head()).isZero();
    }
  }

  @Test
  void theTicketKeyIsMadeOnce() {
    // Given
    String before = ticketKey();
    // When
    RealServer.start(cluster, RealServer.BRISK).close();
    // Then
    assertThat(ticketKey()).isEqualTo(before);
  }

  private static String ticketKey() {
    return cluster
        .admin()
        .secrets()
        .inNamespace(RealCluster.SYSTEM)
        .withName("rouse-ticket-key")
        .get()
        .getData()
        .get("public");
  }
}
