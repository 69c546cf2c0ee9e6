package dev.rouse.log.configmap;

import dev.rouse.log.LogException;
import dev.rouse.log.LogTooLarge;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The calls, on a real API server; every answer is sorted into what it means for a log. */
final class KubernetesConfigMaps implements ConfigMaps {

  /** How often the API server may ask to come back later before the caller hears of it. */
  private static final int MAX_BUSY = 5;

  /** What etcd says, through the API server, while it takes no writes. */
  private static final String ETCD_IS_FULL = "database space exceeded";

  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final KubernetesClient client;
  private final KubernetesClient writer;
  private final MetadataApi metadata;

  /**
   * Uses {@code client} for reads, with its retries. Writes are sent once: were a lost answer
   * retried unseen, the second answer would speak of the first one's effect, and a refusal could
   * hide that the write was done.
   */
  KubernetesConfigMaps(KubernetesClient client) {
    this.client = client;
    RequestConfig once =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .build();
    this.writer = client.newClient(once).adapt(KubernetesClient.class);
    this.metadata = new MetadataApi(client);
  }

  @Override
  public Optional<ConfigMap> get(String namespace, String name) {
    try {
      return Optional.ofNullable(client.configMaps().inNamespace(namespace).withName(name).get());
    } catch (KubernetesClientException e) {
      throw unavailable("read", namespace + "/" + name, e);
    }
  }

  @Override
  public Written create(ConfigMap object) {
    return write("create", object, () -> writer.configMaps().resource(object).create());
  }

  @Override
  public Written update(ConfigMap object) {
    return write("update", object, () -> writer.configMaps().resource(object).update());
  }

  private static Written write(String verb, ConfigMap object, Supplier<ConfigMap> call) {
    for (int busy = 0; ; busy++) {
      try {
        return new Written.Done(call.get());
      } catch (KubernetesClientException e) {
        if (e.getCode() != 429 || busy == MAX_BUSY) {
          return failed(verb, LogObjects.nameOf(object), e);
        }
        // The API server has done nothing and asks to come back: a wait is what it wants.
        LockSupport.parkNanos(
            (BUSY_NANOS << busy) + ThreadLocalRandom.current().nextLong(BUSY_NANOS));
      }
    }
  }

  private static Written failed(String verb, String name, KubernetesClientException e) {
    if (String.valueOf(e.getMessage()).contains(ETCD_IS_FULL)) {
      throw new LogUnavailable(
          "the cluster's etcd is full ("
              + ETCD_IS_FULL
              + "): ConfigMap "
              + name
              + " was not written"
              + " and nothing is lost. Who runs the cluster must make room: compact and defragment"
              + " etcd, then disarm its alarm",
          e);
    }
    return switch (e.getCode()) {
      case 409 -> new Written.Stale();
      case 404 -> new Written.Absent();
      case 413 -> throw tooLarge(name, e);
      case 422 -> {
        if (String.valueOf(e.getMessage()).contains("Too long")) {
          throw tooLarge(name, e);
        }
        throw unavailable(verb, name, e);
      }
      case 400, 401, 403, 405, 415, 429 -> throw unavailable(verb, name, e);
      // No answer, or one that the API server gives also after it has written.
      default ->
          throw new OutcomeUnknown(
              "ConfigMap "
                  + name
                  + " may or may not be written: "
                  + said(e)
                  + ". Repeat the same request: under its Idempotency-Key it counts once",
              e);
    };
  }

  @Override
  public void delete(String namespace, String name) {
    try {
      client.configMaps().inNamespace(namespace).withName(name).delete();
    } catch (KubernetesClientException e) {
      throw unavailable("delete", namespace + "/" + name, e);
    }
  }

  @Override
  public List<SegmentObject> segments(String namespace, String sessionUid) {
    String selector =
        LogObjects.LOG + "=" + sessionUid + "," + LogObjects.PART + "=" + LogObjects.SEGMENT;
    try {
      return metadata.list(namespace, selector).items().stream()
          .map(object ->
              new SegmentObject(
                  object.path("name").asText(),
                  object.path("annotations").path(LogObjects.REVISION).asLong(Long.MAX_VALUE)))
          .toList();
    } catch (IOException e) {
      throw new LogUnavailable("cannot list the segments of session " + sessionUid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("interrupted while listing segments", e);
    }
  }

  private static LogException tooLarge(String name, Exception cause) {
    return new LogTooLarge("the API server does not take ConfigMap " + name + ": too large", cause);
  }

  private static LogException unavailable(
      String verb, String name, KubernetesClientException cause) {
    String hint =
        cause.getCode() == 403
            ? ": grant the server's account the verb \"" + verb.replace("read", "get") + "\""
            : "";
    return new LogUnavailable(
        "cannot " + verb + " ConfigMap " + name + hint + ": " + said(cause) + "; try again", cause);
  }

  /** What is the matter, in the API server's own words where it said any. */
  private static String said(KubernetesClientException e) {
    if (e.getCode() <= 0) {
      return "the cluster's API server did not answer";
    }
    return e.getStatus() == null || e.getStatus().getMessage() == null
        ? String.valueOf(e.getMessage())
        : e.getStatus().getMessage();
  }
}
