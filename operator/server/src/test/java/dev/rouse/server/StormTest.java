package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.log.Decision;
import dev.rouse.log.SessionLog;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.session.Event;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many clients at once: a server leaves and ends their streams, or some of them stop reading. */
class StormTest {

  private static final int CLIENTS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews =
      new FakeReviews()
          .person("token", FakeCluster.NAMESPACE, "ci")
          .grant("ci", "list sessions/events", FakeCluster.NAMESPACE)
          .grant("ci", "watch sessions/events", FakeCluster.NAMESPACE);
  private final InMemoryLogStore store = new InMemoryLogStore();
  private final List<String> acknowledged = new ArrayList<>();
  private InProcessServer server;
  private TestClient client;
  private SessionLog log;
  private String path;

  @BeforeEach
  void start() throws Exception {
    server = new InProcessServer(cluster, reviews, store);
    client = new TestClient(server.edge.port(), "token");
    String uid = cluster.session("review").getMetadata().getUid();
    path = "/v1/sessions/" + WireIds.session(uid) + "/events";
    log = server.logs.of(LogKeys.of(cluster.get(uid)));
    await("begun").until(() -> log.state().exists());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private void append(int count, int length) {
    for (int i = 0; i < count; i++) {
      Event event = FakeBrain.message("m".repeat(length));
      log.append(
          "append-" + acknowledged.size(), null, state -> Decision.append(state, List.of(event)));
      acknowledged.add(event.id());
    }
  }

  /** Knows of a session what the documented procedure tells: open, list, then read. */
  private final class Follower {

    private final Set<String> known = new HashSet<>();
    private volatile boolean listens;

    /** Reads until the stream ends or everything is known. */
    void follow(TestClient at, int wanted) {
      try (TestClient.Feed feed = at.open(path + "/stream")) {
        JsonNode page = at.get(path).json();
        page.path("data").forEach(it -> known.add(it.path("id").asText()));
        listens = true;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (known.size() < wanted && !feed.hasEnded() && System.nanoTime() < end) {
          Optional<JsonNode> next = feed.take(Duration.ofMillis(200));
          next.ifPresent(it -> known.add(it.path("id").asText()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Tag("contract-reconnect-storm")
  @Test
  void manyThatComeAgainAtOnceMissNothing() throws Exception {
    // Given
    append(20, 10);
    List<Follower> followers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      followers.add(new Follower());
    }
    try (InProcessServer leaving = new InProcessServer(cluster, reviews, store);
        TestClient first = new TestClient(leaving.edge.port(), "token");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Void>> running = new ArrayList<>();
      for (Follower follower : followers) {
        running.add(
            CompletableFuture.runAsync(
                () -> {
                  follower.follow(first, Integer.MAX_VALUE);
                  follower.follow(client, 60);
                },
                threads));
      }
      await("all listen")
          .atMost(PATIENCE)
          .until(() -> followers.stream().allMatch(it -> it.listens));
      append(20, 10);
      // When
      leaving.edge.drain(PATIENCE);
      append(20, 10);
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
          .get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    // Then
    assertThat(acknowledged).hasSize(60);
    assertThat(followers).allSatisfy(it -> assertThat(it.known).containsAll(acknowledged));
  }

  @Tag("contract-slow-reader")
  @Test
  void whoDoesNotReadDelaysNobodyElse() throws Exception {
    // Given
    List<Socket> silent = new ArrayList<>();
    try (TestClient.Feed reader = client.open(path + "/stream")) {
      for (int i = 0; i < 20; i++) {
        silent.add(silent());
      }
      await("all are open").until(() -> server.edge.streams() == 21);
      // When: 13 MB for each of them
      append(200, 64 * 1024);
      // Then
      await("the reader has everything")
          .atMost(PATIENCE)
          .until(() ->
              reader.lines().stream().filter(line -> line.startsWith("data:")).count()
                  == acknowledged.size());
      assertThat(server.edge.waitingBytes())
          .as("what waits for 20 that do not read")
          .isLessThanOrEqualTo(20L * 1024 * 1024);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private Socket silent() throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("127.0.0.1", server.edge.port()));
    socket
        .getOutputStream()
        .write(
            "GET %s/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token\r\n\r\n"
                .formatted(path)
                .getBytes(StandardCharsets.US_ASCII));
    socket.getInputStream().readNBytes(12);
    return socket;
  }
}
