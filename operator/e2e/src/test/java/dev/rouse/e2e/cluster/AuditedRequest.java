package dev.rouse.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A request to the Kubernetes API, as its audit log tells of it.
 *
 * @param at when it came
 * @param answered when its answer went out; what it wrote is durable by then
 * @param user whose it was
 * @param resource plural, with the subresource after a slash if there is one
 */
public record AuditedRequest(
    Instant at,
    Instant answered,
    String user,
    String verb,
    String group,
    String resource,
    String namespace,
    String name) {

  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  /** What is created there is an answer and not an object. */
  private static final Set<String> QUESTIONS =
      Set.of("authentication.k8s.io", "authorization.k8s.io");

  private static final Map<String, String> OURS =
      Map.of(
          "system:serviceaccount:rouse-system:rouse-server", "server",
          "system:serviceaccount:rouse-system:rouse-operator", "operator");

  /** Those of a cluster so far that are {@code wanted}; the one that is being written is not. */
  public static List<AuditedRequest> all(Cluster cluster, Predicate<AuditedRequest> wanted) {
    try (Stream<String> lines = Files.lines(cluster.auditLog())) {
      return lines
          .filter(line -> line.endsWith("}"))
          .map(AuditedRequest::of)
          .filter(wanted)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first of a cluster. */
  public static AuditedRequest first(Cluster cluster) {
    try (Stream<String> lines = Files.lines(cluster.auditLog())) {
      return lines.findFirst().map(AuditedRequest::of).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AuditedRequest of(String line) {
    try {
      JsonNode json = EventCodec.JSON.readTree(line);
      JsonNode object = json.path("objectRef");
      String subresource = object.path("subresource").asText();
      return new AuditedRequest(
          Instant.parse(json.path("requestReceivedTimestamp").asText()),
          Instant.parse(json.path("stageTimestamp").asText()),
          json.path("user").path("username").asText(),
          json.path("verb").asText(),
          object.path("apiGroup").asText(),
          object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
          object.path("namespace").asText(),
          object.path("name").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which of our programs sent it. */
  public Optional<String> component() {
    return Optional.ofNullable(OURS.get(user));
  }

  /** Whether an object is changed. */
  public boolean isWrite() {
    return WRITES.contains(verb) && !QUESTIONS.contains(group);
  }

  /** Whether it is about something in this session's namespace that bears its name or UID. */
  public boolean isAbout(WorkSession session) {
    return namespace.equals(session.namespace().name())
        && (name.startsWith(session.name()) || name.contains(session.uid()));
  }
}
