package dev.rouse.e2e.node;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.WireIds;
import dev.rouse.devcluster.pki.Trust;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.cluster.SessionView;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A program that uses the public API through its Service, and asks again as SDKs do. */
final class ApiClient implements AutoCloseable {

  private final HttpClient http;
  private final URI server;
  private final String token;

  private ApiClient(HttpClient http, URI server, String token) {
    this.http = http;
    this.server = server;
    this.token = token;
  }

  static ApiClient of(Release release, String token) throws IOException {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(Trust.in(release.caFile()))
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    return new ApiClient(http, release.server(), token);
  }

  /** Sends a message until it is taken. */
  Ack send(String sessionUid, String text) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("events").add(ApiSession.message(text));
    Request request = Request.post(path(sessionUid), body).once(UUID.randomUUID().toString());
    Answer answer = call(request);
    JsonNode event = answer.ok().path("data").path(0);
    return new Ack(event.path("type").asText(), event.path("id").asText(), answer.at());
  }

  /** A session's public history, oldest first. */
  List<JsonNode> history(String sessionUid) {
    List<JsonNode> events = new ArrayList<>();
    call(Request.get(path(sessionUid) + "?limit=1000")).ok().path("data").forEach(events::add);
    return events;
  }

  private Answer call(Request request) {
    return await("the server answers " + request)
        .atMost(SessionView.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> tryOnce(request), Optional::isPresent)
        .orElseThrow();
  }

  private Optional<Answer> tryOnce(Request request) throws InterruptedException {
    try {
      return Optional.of(once(request)).filter(answer -> !answer.wantsRetry());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** One try, whatever comes of it. */
  Answer once(Request request) throws IOException, InterruptedException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(server.resolve(request.path()))
            .header("authorization", "Bearer " + token)
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(20))
            .method(
                request.method(),
                request.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(request.body().toString()));
    if (request.key() != null) {
      builder.header("idempotency-key", request.key());
    }
    return Answer.of(request.toString(), http.send(builder.build(), BodyHandlers.ofString()));
  }

  private static String path(String sessionUid) {
    return "/v1/sessions/" + WireIds.session(sessionUid) + "/events";
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
