package dev.rouse.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Counts the writes of server and operator that the API server saw. */
final class AuditLog {

  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  private static final Map<String, String> OURS =
      Map.of(
          "system:serviceaccount:rouse-system:rouse-server", "server",
          "system:serviceaccount:rouse-system:rouse-operator", "operator");

  private AuditLog() {}

  /**
   * The writes about a session from {@code from} until {@code to}, each as who, verb and object.
   */
  static Map<String, Integer> writes(
      Cluster cluster, WorkSession session, Instant from, Instant to) {
    try (Stream<String> lines = Files.lines(cluster.auditLog())) {
      Map<String, Integer> counts = new TreeMap<>();
      List<JsonNode> all = lines.filter(line -> line.endsWith("}")).map(AuditLog::json).toList();
      for (JsonNode request : all) {
        Instant at = Instant.parse(request.path("requestReceivedTimestamp").asText());
        String user = OURS.get(request.path("user").path("username").asText());
        JsonNode object = request.path("objectRef");
        if (user != null
            && !at.isBefore(from)
            && at.isBefore(to)
            && WRITES.contains(request.path("verb").asText())
            && isAbout(session, object)) {
          counts.merge(
              "%s: %s %s%s"
                  .formatted(
                      user,
                      request.path("verb").asText(),
                      object.path("resource").asText(),
                      object.path("subresource").isTextual()
                          ? "/" + object.path("subresource").asText()
                          : ""),
              1,
              Integer::sum);
        }
      }
      return counts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of what a session owns begin with its own, or hold its UID. */
  private static boolean isAbout(WorkSession session, JsonNode object) {
    String name = object.path("name").asText();
    return object.path("namespace").asText().equals(session.namespace().name())
        && (name.startsWith(session.name()) || name.contains(session.uid()));
  }

  private static JsonNode json(String line) {
    try {
      return EventCodec.JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
