package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.log.postgres.server.TestDatabase;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.UserEvent;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own, ended by force and in peace. */
class MainIT {

  private static RealCluster cluster;

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = RealCluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
  }

  private Process start(Map<String, String> environment) throws IOException {
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(kubeconfig, cluster.serverKubeconfig());
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            // Not the test configuration of another module that is on the test's class path.
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.rouse.server.Main");
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(new File(directory.toFile(), "server.log")));
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private Process serve(int port) throws IOException {
    return serve(port, Map.of());
  }

  private Process serve(int port, Map<String, String> more) throws IOException {
    Process process = start(withPort(more, port));
    await("the server is ready")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> new TestClient(port, "").get("/readyz").status() == 200);
    return process;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void tellsItsMetricsAndWritesItsLogAsJson() throws Exception {
    // Given
    int port = freePort();
    int metrics = freePort();
    serve(port, Map.of("ROUSE_METRICS_LISTEN", "127.0.0.1:" + metrics, "ROUSE_LOG_FORMAT", "json"));
    String team = cluster.team();
    cluster.session(team, "counted", "hello");
    // When
    await("the new session is counted")
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            new TestClient(metrics, "")
                .get("/metrics")
                .response()
                .body()
                .contains("rouse_turns_started_total 1.0"));
    awaitRunning(team, "counted");
    // Then
    assertThat(new TestClient(metrics, "").get("/readyz").status()).isEqualTo(200);
    List<String> lines = log().lines().filter(line -> line.contains("serving on port")).toList();
    assertThat(lines).hasSize(1);
    assertThat(EventCodec.JSON.readTree(lines.getFirst()).path("message").asText())
        .isEqualTo("serving on port " + port);
  }

  private void awaitRunning(String team, String name) {
    await("the session runs")
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          var status = cluster.get(team, name).getStatus();
          return status != null && "Running".equals(status.phase());
        });
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("server.log"));
  }

  @Test
  void whatWasAcknowledgedSurvivesKillsAndWhatWasNotIsDoneOnceOnRepeating() throws Exception {
    // Given
    int port = freePort();
    Process server = serve(port);
    String team = cluster.team();
    String uid = cluster.session(team, "review", "hello");
    awaitRunning(team, "review");
    Pod pod = cluster.pod(team, "review-brain-1");
    cluster.operatorSays(team, "review", pod, 1, null);
    try (FakeBrain brain = new FakeBrain(port, cluster.brainToken(pod), uid)) {
      brain.wake();
      // When it is killed in the middle of a row of commits, twice
      for (int i = 0; i < 60; i++) {
        if (i == 20 || i == 40) {
          Process killed = server;
          Thread.startVirtualThread(killed::destroyForcibly);
        }
        List<Event> events = List.of(FakeBrain.message("step-" + i + "."));
        while (!isCommitted(brain, "c" + i, events)) {
          if (!server.isAlive()) {
            server = serve(port);
          }
        }
      }
      // Then
      String records = brain.records(0).response().body();
      for (int i = 0; i < 60; i++) {
        assertThat(records.split("step-" + i + "\\.", -1)).as("step " + i).hasSize(2);
      }
    }
    // And it ends in peace when told to
    server.destroy();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).as(log()).isEqualTo(143);
    assertThat(log()).contains("told to end").doesNotContain("step-");
  }

  private static boolean isCommitted(FakeBrain brain, String appendId, List<Event> events) {
    try {
      Answer answer = brain.commit(appendId, events);
      assertThat(answer.status()).as(answer.response().body()).isIn(200, 503);
      return answer.status() == 200;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Test
  void everyMessageIsDeliveredOnceHoweverOftenTheServerIsKilled() throws Exception {
    // Given
    int port = freePort();
    Process server = serve(port);
    String team = cluster.team();
    String[] messages =
        IntStream.range(0, 80).mapToObj(i -> "message-" + i + ".").toArray(String[]::new);
    String uid = cluster.session(team, "review", messages);
    // When it is killed again and again while it delivers
    for (int kill = 1; kill <= 3; kill++) {
      int reached = kill * 15;
      await("some messages are delivered")
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> head(team, uid) >= reached);
      server.destroyForcibly().waitFor();
      server = serve(port);
    }
    // Then
    Pod pod = cluster.pod(team, "review-brain-1");
    cluster.operatorSays(team, "review", pod, 1, null);
    try (FakeBrain brain = new FakeBrain(port, cluster.brainToken(pod), uid)) {
      await("all messages")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(brain.records(0).response().body().split("message_delivered", -1))
                  .hasSize(81));
      List<String> order =
          FakeBrain.queued(brain.records(0)).stream()
              .map(event -> ((UserEvent.Message) event).content())
              .map(ContentBlock::textOf)
              .toList();
      assertThat(order).containsExactly(messages);
    }
  }

  /** How far the log has come, as its ConfigMap says. */
  private static long head(String team, String uid) {
    ConfigMap log = cluster.admin().configMaps().inNamespace(team).withName("rouse-" + uid).get();
    return log == null || log.getData() == null
        ? -1
        : Long.parseLong(log.getData().getOrDefault("head", "-1"));
  }

  private Map<String, String> sqlite() {
    return Map.of("ROUSE_STORE", "sqlite", "ROUSE_STORE_PATH", directory.resolve("db").toString());
  }

  private long count(String query) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("db/rouse.db"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + query)) {
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void onSqliteNothingIsLostByKillsAndALogGoesBeforeItsSession() throws Exception {
    // Given
    int port = freePort();
    Process server = serve(port, sqlite());
    String team = cluster.team();
    String[] messages = IntStream.range(0, 60).mapToObj(i -> "m-" + i).toArray(String[]::new);
    String uid = cluster.session(team, "review", messages);
    String delivered = "commits WHERE body LIKE '%rouse.message_delivered%'";
    // When it is killed while it delivers, twice
    for (int kill = 1; kill <= 2; kill++) {
      int reached = kill * 15;
      await("some messages are delivered")
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(5))
          .untilAsserted(() -> assertThat(count(delivered)).isGreaterThanOrEqualTo(reached));
      server.destroyForcibly().waitFor();
      server = serve(port, sqlite());
    }
    // Then each is there once, nothing is in ConfigMaps, and the object is held
    await("all messages")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(count(delivered)).isEqualTo(60));
    assertThat(count("(SELECT DISTINCT append_id FROM commits)")).isEqualTo(count("commits"));
    assertThat(cluster.admin().configMaps().inNamespace(team).withName("rouse-" + uid).get())
        .isNull();
    assertThat(cluster.get(team, "review").getMetadata().getFinalizers())
        .containsExactly("rouse.dev/log");
    // And another server is kept out
    Process second = start(withPort(sqlite(), freePort()));
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(70);
    assertThat(log()).contains("is in use by process " + server.pid());
    // And the object goes only after its log, though nobody served when it was deleted
    server.destroyForcibly().waitFor();
    cluster.admin().resource(cluster.get(team, "review")).delete();
    assertThat(cluster.get(team, "review")).isNotNull();
    assertThat(count("logs")).isEqualTo(1);
    server = serve(port, sqlite());
    await("the session is gone")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(cluster.get(team, "review")).isNull());
    assertThat(count("logs")).isZero();
    assertThat(count("commits")).isZero();
  }

  @Test
  void onPostgresOneOfTwoServersMayDieAndNothingIsLost() throws Exception {
    // Given
    try (PostgresServer postgres = PostgresServer.start()) {
      TestDatabase database = postgres.database();
      Map<String, String> settings =
          Map.of(
              "ROUSE_STORE", "postgres",
              "ROUSE_STORE_URL", database.url(),
              "ROUSE_STORE_USER", database.user(),
              "ROUSE_STORE_PASSWORD_FILE", database.passwordFile().toString(),
              "ROUSE_STORE_CONNECTIONS", "4");
      Process one = serve(freePort(), settings);
      int port = freePort();
      Process other = serve(port, settings);
      String team = cluster.team();
      String[] messages = IntStream.range(0, 60).mapToObj(i -> "m-" + i).toArray(String[]::new);
      cluster.session(team, "review", messages);
      String delivered =
          "SELECT count(*) FROM rouse.commits WHERE body LIKE '%rouse.message_delivered%'";
      // When one is killed while they deliver
      await("some messages are delivered")
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(5))
          .untilAsserted(
              () -> assertThat(database.query(delivered, Long.class)).isGreaterThanOrEqualTo(15));
      one.destroyForcibly().waitFor();
      // Then the other one delivers the rest, each once
      await("all messages")
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(database.query(delivered, Long.class)).isEqualTo(60));
      assertThat(
              database.query(
                  "SELECT count(*) - count(DISTINCT append_id) FROM rouse.commits", Long.class))
          .isZero();
      assertThat(cluster.get(team, "review").getMetadata().getFinalizers())
          .containsExactly("rouse.dev/log");
      // And the object goes only after its log, though nobody served when it was deleted
      other.destroyForcibly().waitFor();
      cluster.admin().resource(cluster.get(team, "review")).delete();
      assertThat(cluster.get(team, "review")).isNotNull();
      serve(port, settings);
      await("the session is gone")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(cluster.get(team, "review")).isNull());
      assertThat(
              database.query(
                  "SELECT (SELECT count(*) FROM rouse.logs)"
                      + " + (SELECT count(*) FROM rouse.commits)",
                  Long.class))
          .isZero();
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsNamedAndExits70() throws Exception {
    // Given
    Process server =
        start(
            withPort(
                Map.of(
                    "ROUSE_STORE", "postgres",
                    "ROUSE_STORE_URL", "jdbc:postgresql://127.0.0.1:1/rouse",
                    "ROUSE_STORE_USER", "rouse"),
                freePort()));
    // When
    assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    // Then
    assertThat(server.exitValue()).isEqualTo(70);
    assertThat(log()).contains("ROUSE_STORE_URL").contains("rouse at 127.0.0.1:1");
  }

  private static Map<String, String> withPort(Map<String, String> environment, int port) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("ROUSE_LISTEN", "127.0.0.1:" + port);
    all.put("ROUSE_TLS", "off");
    return all;
  }

  @Test
  void aWrongSettingIsNamedAndExits64() throws Exception {
    // Given
    Process server = start(Map.of("ROUSE_RECHECK", "soon"));
    // When
    assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    // Then
    assertThat(server.exitValue()).isEqualTo(64);
    assertThat(log()).contains("ROUSE_RECHECK");
  }
}
