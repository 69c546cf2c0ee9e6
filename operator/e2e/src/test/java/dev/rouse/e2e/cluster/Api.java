package dev.rouse.e2e.cluster;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.WireIds;
import dev.rouse.devcluster.pki.Trust;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The public API, as the accounts of a namespace: one that may read, and one that may do all. */
public final class Api {

  private final Namespace namespace;

  public Api(Namespace namespace) {
    this.namespace = namespace;
  }

  /** A session's public history, oldest first. */
  public List<JsonNode> history(String sessionUid) {
    JsonNode page = get("/v1/sessions/" + WireIds.session(sessionUid) + "/events?limit=1000");
    List<JsonNode> events = new ArrayList<>();
    page.path("data").forEach(events::add);
    return List.copyOf(events);
  }

  /** The session object of the wire. */
  public JsonNode session(String sessionUid) {
    return get("/v1/sessions/" + WireIds.session(sessionUid));
  }

  /** Allows a call that waits for a person. */
  public void allow(String sessionUid, String toolUse) {
    ask(
        "app",
        "/v1/sessions/" + WireIds.session(sessionUid) + "/events",
        HttpRequest.BodyPublishers.ofString(
            """
            {"events": [{"type": "user.tool_confirmation", "tool_use_id": "%s", "result": "allow"}]}
            """
                .formatted(toolUse)));
  }

  /** A server that was killed is back after some seconds: until then there is nobody to answer. */
  private JsonNode get(String path) {
    return await("the server answers GET " + path)
        .atMost(WorkSession.PATIENCE)
        .ignoreException(UncheckedIOException.class)
        .until(() -> ask("reader", path, null), Objects::nonNull);
  }

  /** Asks once: GET, or POST if there is a body. */
  private JsonNode ask(String account, String path, HttpRequest.@Nullable BodyPublisher body) {
    Cluster cluster = namespace.cluster();
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(Trust.in(cluster.launcher().caFile())).build()) {
      String token =
          cluster
              .launcher()
              .controlPlane()
              .tokenFor(namespace.name(), account, Rouse.AUDIENCE, Duration.ofMinutes(10));
      HttpRequest.Builder request =
          HttpRequest.newBuilder(cluster.serverUrl().resolve(path))
              .header("authorization", "Bearer " + token)
              .header("content-type", "application/json")
              .timeout(Duration.ofSeconds(30));
      HttpResponse<String> response =
          http.send(
              (body == null ? request.GET() : request.POST(body)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new AssertionError(
            "%s: %d %s".formatted(path, response.statusCode(), response.body()));
      }
      return EventCodec.JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while asking the server", e);
    }
  }
}
