package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that cost memory, against the program as a process with a small heap: it stays, it
 * answers others, and what it acknowledged is all there.
 */
class OverloadIT {

  private static final String HEAP = "-Xmx192m";
  private static final long BODY = 50L * 1024 * 1024;
  private static final long ALLOWED = 30L * 1024 * 1024;

  private static RealCluster cluster;

  @TempDir private Path directory;
  private final List<Socket> sockets = new ArrayList<>();
  private Process server;
  private int port;
  private String token;
  private String events;
  private TestClient client;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = RealCluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void startServer() throws IOException {
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(kubeconfig, cluster.serverKubeconfig());
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            HEAP,
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.rouse.server.Main");
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("ROUSE_LISTEN", "127.0.0.1:" + port);
    builder.environment().put("ROUSE_TLS", "off");
    builder.redirectErrorStream(true);
    builder.redirectOutput(new File(directory.toFile(), "server.log"));
    server = builder.start();
    await("the server is ready")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> new TestClient(port, "").get("/readyz").status() == 200);
    String team = cluster.team();
    token = worker(team);
    String uid = cluster.session(team, "review", "hello");
    events = "/v1/sessions/" + WireIds.session(uid) + "/events";
    client = new TestClient(port, token);
    await("the session runs")
        .atMost(Duration.ofSeconds(30))
        .until(() -> client.get(events).status() == 200);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    client.close();
    server.destroyForcibly();
  }

  private static String worker(String team) {
    cluster.account(team, "worker");
    cluster
        .admin()
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withNamespace(team)
                .withName("worker")
                .endMetadata()
                .withRules(
                    new PolicyRuleBuilder()
                        .withApiGroups("rouse.dev")
                        .withResources("sessions", "sessions/events")
                        .withVerbs("*")
                        .build())
                .build())
        .create();
    cluster
        .admin()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(team)
                .withName("worker")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "worker")
                .addNewSubject("", "ServiceAccount", "worker", team)
                .build())
        .create();
    return cluster.token(team, "worker", "rouse");
  }

  private void open(String request) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(30_000);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private String head(String method, String path, String more) {
    return "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(method, path, token, more);
  }

  /** Sends messages of this length one after the other; gives the ids that were acknowledged. */
  private List<String> send(int count, int length) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Answer answer =
          client.postText(
              events,
              """
              {"events":[{"type":"user.message","content":[{"type":"text","text":"%s"}]}]}\
              """
                  .formatted("m".repeat(length)));
      if (answer.status() != 200) {
        throw new AssertionError(answer.status() + " " + answer.response().body());
      }
      answer.json().path("data").forEach(event -> ids.add(event.path("id").asText()));
    }
    return ids;
  }

  private void assertWellWith(List<String> acknowledged) throws IOException {
    List<String> history = new ArrayList<>();
    JsonNode page = client.get(events + "?limit=1000").json();
    page.path("data").forEach(event -> history.add(event.path("id").asText()));
    assertThat(acknowledged).isNotEmpty();
    assertThat(history).containsAll(acknowledged).doesNotHaveDuplicates();
    assertThat(server.isAlive()).isTrue();
    assertThat(Files.readString(directory.resolve("server.log")))
        .doesNotContain("OutOfMemory", "OutOfDirectMemory");
  }

  @Test
  void bodiesOf50MegabytesAreRefusedEachWhileOthersAreServed() throws Exception {
    // Given
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // When
      List<CompletableFuture<TestClient.Raw>> floods =
          IntStream.range(0, 40)
              .mapToObj(
                  _ -> CompletableFuture.supplyAsync(() -> client.flood(events, BODY), threads))
              .toList();
      List<String> acknowledged = send(20, 10);

      // Then
      assertThat(floods).allSatisfy(flood -> assertThat(flood.get().status()).isEqualTo(413));
      assertWellWith(acknowledged);
    }
  }

  @Test
  void bodiesThatAreEachAllowedAreTakenAFewAtATime() throws Exception {
    // Given
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // When
      List<CompletableFuture<TestClient.Raw>> floods =
          IntStream.range(0, 20)
              .mapToObj(
                  _ -> CompletableFuture.supplyAsync(() -> client.flood(events, ALLOWED), threads))
              .toList();

      // Then: each was read and is no JSON, or had no room
      assertThat(floods).allSatisfy(flood -> assertThat(flood.get().status()).isIn(400, 529));
      assertWellWith(send(5, 10));
    }
  }

  @Test
  void requestsThatNeverEndKeepNobodyElseWaiting() throws Exception {
    // Given
    for (int i = 0; i < 300; i++) {
      open("POST " + events + " HTTP/1.1\r\nHost: x\r\nAuthoriz");
      open(head("POST", events, "Content-Length: 1000\r\n") + "{\"events\":[");
      open(head("GET", events + "/stream", ""));
      sockets.getLast().shutdownOutput();
    }

    // When
    List<String> acknowledged = send(20, 10);

    // Then
    assertWellWith(acknowledged);
  }

  @Test
  void aThousandReadersThatReadNothingFitIntoASmallHeap() throws Exception {
    // Given
    for (int i = 0; i < 1000; i++) {
      open(head("GET", events + "/stream", ""));
    }
    for (Socket reader : sockets) {
      assertThat(new String(reader.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }

    // When
    List<String> acknowledged = send(96, 64 * 1024);

    // Then
    assertWellWith(acknowledged);
  }
}
