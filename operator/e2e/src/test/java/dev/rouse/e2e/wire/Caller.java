package dev.rouse.e2e.wire;

import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.devcluster.pki.Trust;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.WorkSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An account that calls the public API, at one address or at several that stand for the same. */
public final class Caller implements AutoCloseable {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Namespace namespace;
  private final String token;
  private final List<URI> servers;
  private final @Nullable String workspace;
  private final Duration longest;
  private final HttpClient http;
  private final AtomicInteger tries = new AtomicInteger();

  private Caller(
      Namespace namespace,
      String token,
      List<URI> servers,
      @Nullable String workspace,
      Duration longest) {
    this.longest = longest;
    this.namespace = namespace;
    this.token = token;
    this.servers = List.copyOf(servers);
    this.workspace = workspace;
    this.http = http(namespace.cluster());
  }

  /** An account that comes through the server's door, where tests can hold its calls. */
  public static Caller of(Namespace namespace, String account) {
    return of(namespace, account, List.of(namespace.cluster().serverDoor().uri()));
  }

  /** An account that takes the next address whenever one did not answer. */
  public static Caller of(Namespace namespace, String account, List<URI> servers) {
    return new Caller(namespace, token(namespace, account, Rouse.AUDIENCE), servers, null, LONGEST);
  }

  /** Somebody with this credential. */
  public static Caller with(Namespace namespace, String token) {
    return new Caller(
        namespace, token, List.of(namespace.cluster().serverDoor().uri()), null, LONGEST);
  }

  /** A token of an account. */
  public static String token(Namespace namespace, String account, String audience) {
    return namespace
        .cluster()
        .launcher()
        .controlPlane()
        .tokenFor(namespace.name(), account, audience, Duration.ofHours(1));
  }

  public Namespace namespace() {
    return namespace;
  }

  /** One try, at the address whose turn it is. */
  public Answer once(Request request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(http(request).build(), BodyHandlers.ofString());
    return Answer.of(request.toString(), response);
  }

  /** Tries until the answer is one that a client keeps, as SDKs do, though with more patience. */
  public Answer call(Request request) {
    return await("the server answers " + request)
        .atMost(WorkSession.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> tryOnce(request), Optional::isPresent)
        .orElseThrow();
  }

  /** Tries until it succeeds, even when it was told that trying again is no use. */
  public Answer insist(Request request) {
    return await("the server does " + request)
        .atMost(WorkSession.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> tryOnce(request), it -> it.filter(a -> a.status() == 200).isPresent())
        .orElseThrow();
  }

  private Optional<Answer> tryOnce(Request request) throws InterruptedException {
    try {
      Optional<Answer> answer = Optional.of(once(request)).filter(it -> !it.wantsRetry());
      if (answer.isEmpty()) {
        tries.incrementAndGet();
      }
      return answer;
    } catch (IOException e) {
      tries.incrementAndGet();
      return Optional.empty();
    }
  }

  /**
   * Opens a stream of server-sent events at the address whose turn it is; its lines come as they
   * are sent. The next stream goes to the next address.
   */
  public HttpResponse<Stream<String>> stream(HttpClient client, String path)
      throws IOException, InterruptedException {
    HttpRequest request = http(Request.get(path)).build();
    tries.incrementAndGet();
    return client.send(request, BodyHandlers.ofLines());
  }

  /** The same account, which starts with another address than others do. */
  public Caller startingAt(int server) {
    Caller other = new Caller(namespace, token, servers, workspace, longest);
    other.tries.set(server);
    return other;
  }

  /** The same account, which waits so long for an answer. */
  public Caller waiting(Duration atMost) {
    return new Caller(namespace, token, servers, workspace, atMost);
  }

  /** The same account, which names a workspace. */
  public Caller inWorkspace(String name) {
    return new Caller(namespace, token, servers, name, longest);
  }

  private HttpRequest.Builder http(Request request) {
    URI server = servers.get(Math.floorMod(tries.get(), servers.size()));
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(server.resolve(request.path()))
            .header("authorization", "Bearer " + token)
            .header("anthropic-version", "2026-10-21")
            .header("anthropic-beta", "managed-agents-2026-04-01")
            .timeout(longest)
            .method(
                request.method(),
                request.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(request.body().toString()));
    if (request.body() != null) {
      builder.header("content-type", "application/json");
    }
    if (workspace != null) {
      builder.header("anthropic-workspace-id", workspace);
    }
    if (request.key() != null) {
      builder.header("idempotency-key", request.key());
    }
    return builder;
  }

  /** A client that trusts the cluster's server. */
  public static HttpClient http(Cluster cluster) {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(Trust.in(cluster.launcher().caFile()))
          .connectTimeout(Duration.ofSeconds(5))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
