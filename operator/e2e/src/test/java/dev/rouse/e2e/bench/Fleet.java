package dev.rouse.e2e.bench;

import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Request;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Many sessions that rest: what listing them takes, and what each has in etcd. */
final class Fleet {

  private static final int CALLS = 200;

  private final Caller caller;
  private final Namespace namespace;

  Fleet(Namespace namespace) {
    this.namespace = namespace;
    this.caller = Caller.of(namespace, "editor", List.of(namespace.cluster().serverUrl()));
  }

  /** Makes sessions through the API. */
  Figure make(int count) {
    List<Double> times = new ArrayList<>();
    Request template = ApiSession.creation(namespace, "listener", "fleet");
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<CompletableFuture<Double>> made =
          IntStream.range(0, count)
              .mapToObj(number ->
                  CompletableFuture.supplyAsync(
                      () -> timed(template.once("fleet-" + number)), threads))
              .toList();
      made.forEach(one -> times.add(one.join()));
    }
    return new Figure("POST /v1/sessions, eight at a time", "ms", times);
  }

  /** The first page, again and again. */
  Figure list(int sessions) {
    List<Double> times = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      times.add(timed(Request.get("/v1/sessions?limit=20")));
    }
    return new Figure("GET /v1/sessions, the first 20 of %,d".formatted(sessions), "ms", times);
  }

  private double timed(Request request) {
    long start = System.nanoTime();
    caller.call(request).ok();
    return (System.nanoTime() - start) / 1e6;
  }

  /** Bytes of a resting session's objects, as the API server sends them. */
  List<Figure> bytes(String sessionId) {
    Cluster cluster = namespace.cluster();
    String uid = WireIds.sessionUidOf(sessionId).orElseThrow();
    Session object = namespace.sessionOf(uid).object();
    ConfigMap tail =
        cluster
            .client()
            .configMaps()
            .inNamespace(namespace.name())
            .withName("rouse-" + uid)
            .require();
    return List.of(
        Figure.one(
            "the Session object of a session that rests after a turn",
            "bytes",
            size(cluster, object)),
        Figure.one("its log, a ConfigMap", "bytes", size(cluster, tail)));
  }

  private static double size(Cluster cluster, Object object) {
    return cluster
        .client()
        .getKubernetesSerialization()
        .asJson(object)
        .getBytes(StandardCharsets.UTF_8)
        .length;
  }
}
