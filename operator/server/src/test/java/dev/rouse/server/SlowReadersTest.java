package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.WireIds;
import dev.rouse.log.Decision;
import dev.rouse.log.SessionLog;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.session.Event;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that open streams and do not read them. */
class SlowReadersTest {

  /** What may wait for one stream's client, apart from the piece that made it full. */
  private static final long STREAM_BUFFER = 64 * 1024;

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews =
      new FakeReviews()
          .person("token", FakeCluster.NAMESPACE, "ci")
          .grant("ci", "list sessions/events", FakeCluster.NAMESPACE)
          .grant("ci", "watch sessions/events", FakeCluster.NAMESPACE);
  private final InMemoryLogStore store = new InMemoryLogStore();
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

  /** Appends messages of an agent. */
  private void append(int count, int length) {
    for (int i = 0; i < count; i++) {
      Event event = FakeBrain.message("m".repeat(length));
      log.append("append-" + i, null, state -> Decision.append(state, List.of(event)));
    }
  }

  @Tag("contract-slow-reader")
  @Test
  void aThousandReadersThatReadNothingCostABoundedAmount() throws Exception {
    // Given
    List<Socket> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", server.edge.port()));
        socket
            .getOutputStream()
            .write(
                "GET %s/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token\r\n\r\n"
                    .formatted(path)
                    .getBytes(StandardCharsets.US_ASCII));
        readers.add(socket);
      }
      for (Socket reader : readers) {
        assertThat(new String(reader.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
            .isEqualTo("HTTP/1.1 200");
      }
      // When: 6 MiB for each of them, 6 GiB in all
      append(96, 64 * 1024);
      // Then: many are full, and no more waits in memory than the streams' own limit allows
      await("many are full")
          .atMost(Duration.ofSeconds(25))
          .until(() -> server.edge.waitingBytes() > 100 * STREAM_BUFFER);
      assertThat(server.edge.waitingBytes())
          .isLessThanOrEqualTo(1000L * (STREAM_BUFFER + 2 * 64 * 1024));
      long used = usedAfterCollection();
      assertThat(used).as("heap in use").isLessThan(1024L * 1024 * 1024);
      TestClient.Answer answer = client.get(path + "?limit=1");
      assertThat(answer.status()).isEqualTo(200);
    } finally {
      for (Socket reader : readers) {
        close(reader);
      }
      await("all are gone").atMost(Duration.ofSeconds(20)).until(() -> server.edge.streams() == 0);
    }
  }

  private static long usedAfterCollection() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void close(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
