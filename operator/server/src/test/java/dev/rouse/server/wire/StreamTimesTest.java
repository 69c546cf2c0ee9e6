package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Session;
import dev.rouse.log.Given;
import dev.rouse.log.LogSettings;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.FakeCluster;
import dev.rouse.server.TestClient;
import dev.rouse.server.http.Call;
import dev.rouse.server.http.HttpEdge;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.wire.EventStreams.Times;
import dev.rouse.session.Ids;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a stream does by time alone (contract §2.6). */
class StreamTimesTest {

  private static final Duration SHORT = Duration.ofMillis(30);
  private static final Duration LONG = Duration.ofHours(1);

  private final FakeCluster cluster = new FakeCluster();
  private final AtomicBoolean allowed = new AtomicBoolean(true);
  private @Nullable HttpEdge edge;
  private @Nullable TestClient client;

  private TestClient.Feed open(Times times) throws IOException {
    Ids ids = Ids.random();
    Clock clock = Clock.systemUTC();
    SessionLogs logs =
        new SessionLogs(new InMemoryLogStore(), LogSettings.DEFAULTS, clock, Ids.random());
    Session session = cluster.session("review", FakeCluster.NAMESPACE, List.of());
    logs.of(LogKeys.of(session)).create(Given.created(LogKeys.of(session)), List.of());
    EventStreams streams = new EventStreams(logs, new Sessions(cluster), clock, ids, times);
    edge =
        HttpEdge.start(
            new HttpEdge.Listen("127.0.0.1", 0, null),
            call -> streams.stream(call, session, false, Set.of(), allowed::get),
            Call::answerText,
            ids);
    client = new TestClient(edge.port(), "token");
    return client.open("/stream");
  }

  @AfterEach
  void stop() {
    if (client != null) {
      client.close();
    }
    if (edge != null) {
      edge.close();
    }
  }

  @Tag("contract-sse-keepalive")
  @Test
  void aSilentStreamIsKeptAliveByComments() throws Exception {
    // When
    try (TestClient.Feed feed = open(new Times(SHORT, SHORT, LONG, LONG))) {
      // Then
      await("three signs of life")
          .until(() -> feed.lines().stream().filter(":keepalive"::equals).count() >= 3);
      assertThat(feed.lines().getFirst()).isEqualTo(": connected");
      assertThat(feed.lines()).allMatch(line -> line.isEmpty() || line.startsWith(":"));
      assertThat(Times.DEFAULTS.keepAlive()).isEqualTo(Duration.ofSeconds(30));
    }
  }

  @Test
  void anOldStreamEndsInGoodOrderSoThatClientsComeAgain() throws Exception {
    // When
    try (TestClient.Feed feed = open(new Times(LONG, SHORT, LONG, SHORT))) {
      // Then
      await("the end").until(feed::hasEnded);
      assertThat(feed.lines()).noneMatch(line -> line.startsWith("!"));
    }
  }

  @Test
  void whoLosesTheRightLosesTheStream() throws Exception {
    // Given
    try (TestClient.Feed feed = open(new Times(LONG, SHORT, SHORT, LONG))) {
      await("open").until(() -> feed.lines().contains(": connected"));
      // When
      allowed.set(false);
      // Then
      await("the end").until(feed::hasEnded);
    }
  }
}
