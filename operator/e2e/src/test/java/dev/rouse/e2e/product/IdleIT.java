package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What idle sessions cost. Runs when all other tests are done: theirs are idle, too. */
@ExtendWith(SharedCluster.class)
@Order(Integer.MAX_VALUE)
class IdleIT {

  private static final Duration QUIET = Duration.ofSeconds(60);

  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  /** Questions to the API server have the verb create and store nothing. */
  private static final Set<String> QUESTIONS =
      Set.of("authentication.k8s.io", "authorization.k8s.io");

  private static final Set<String> OURS =
      Set.of(
          "system:serviceaccount:rouse-system:rouse-server",
          "system:serviceaccount:rouse-system:rouse-operator");

  private final Cluster cluster;

  IdleIT(Cluster cluster) {
    this.cluster = cluster;
  }

  /** A request of the audit log. */
  private record Request(Instant at, String user, String verb, String group, String what) {

    static Request of(String line) {
      try {
        JsonNode json = EventCodec.JSON.readTree(line);
        JsonNode object = json.path("objectRef");
        return new Request(
            Instant.parse(json.path("requestReceivedTimestamp").asText()),
            json.path("user").path("username").asText(),
            json.path("verb").asText(),
            object.path("apiGroup").asText(),
            "%s %s/%s %s"
                .formatted(
                    object.path("resource").asText(),
                    object.path("namespace").asText(),
                    object.path("name").asText(),
                    object.path("subresource").asText()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    boolean isWrite() {
      return WRITES.contains(verb) && !QUESTIONS.contains(group);
    }
  }

  @Tag("failure-10")
  @Test
  void idleSessionsHaveNoPodAndCauseNoWrites() throws IOException {
    // Given
    WorkSession session = cluster.namespace("idle").work("idle", "rest well");
    session.awaitAnswer("Both pieces are done: rest well");
    await("no session has a pod")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() ->
            cluster
                .client()
                .pods()
                .inAnyNamespace()
                .withLabel(Rouse.SESSION_LABEL)
                .list()
                .getItems()
                .isEmpty());
    int sessions =
        cluster.client().resources(Session.class).inAnyNamespace().list().getItems().size();

    // When
    await("a minute without a write of ours, beside " + sessions + " idle sessions")
        .atMost(QUIET.multipliedBy(3))
        .pollInterval(Duration.ofSeconds(3))
        .untilAsserted(() -> {
          List<Request> writes = ourWritesSince(Instant.now().minus(QUIET));
          assertThat(writes).isEmpty();
          assertThat(firstRequest()).isBefore(Instant.now().minus(QUIET));
        });

    // Then
    assertThat(
            cluster
                .client()
                .pods()
                .inAnyNamespace()
                .withLabel(Rouse.SESSION_LABEL)
                .list()
                .getItems())
        .isEmpty();
    assertThat(session.log()).isNotEmpty();
  }

  /** Writes of server and operator, and of anybody to a session. */
  private List<Request> ourWritesSince(Instant since) throws IOException {
    try (Stream<String> lines = Files.lines(cluster.auditLog())) {
      return lines
          .filter(line -> line.endsWith("}"))
          .map(Request::of)
          .filter(request -> request.at().isAfter(since))
          .filter(Request::isWrite)
          .filter(
              request -> OURS.contains(request.user()) || request.what().startsWith("sessions "))
          .toList();
    }
  }

  private Instant firstRequest() throws IOException {
    try (Stream<String> lines = Files.lines(cluster.auditLog())) {
      return lines.findFirst().map(Request::of).orElseThrow().at();
    }
  }
}
