package dev.rouse.devcluster.node.cluster;

import dev.rouse.devcluster.node.container.References;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ConfigMaps and Secrets one pod refers to. The first look at an object is a get; from then on
 * a watch of that single object keeps it fresh and wakes the pod when it changes. The Node
 * authorizer allows exactly this to a node, and never a list of all.
 */
public final class ObjectReferences implements References, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ObjectReferences.class);

  private final KubernetesClient client;
  private final String namespace;
  private final Runnable onChange;
  private final Map<Key, SharedIndexInformer<? extends HasMetadata>> watches =
      new ConcurrentHashMap<>();
  private boolean closed;

  /**
   * References of one pod.
   *
   * @param onChange called on a client thread when an object came, changed or went
   */
  public ObjectReferences(KubernetesClient client, String namespace, Runnable onChange) {
    this.client = client;
    this.namespace = namespace;
    this.onChange = onChange;
  }

  @Override
  public Optional<Map<String, byte[]>> find(Kind kind, String name)
      throws ReferenceUnavailableException {
    Key key = new Key(kind, name);
    SharedIndexInformer<? extends HasMetadata> watch = watches.get(key);
    if (watch != null && watch.hasSynced() && watch.isWatching()) {
      return watch.getStore().list().stream().findFirst().map(ObjectReferences::entries);
    }
    try {
      HasMetadata found = resource(key).get();
      if (watch == null) {
        watch(key, found);
      }
      return Optional.ofNullable(found).map(ObjectReferences::entries);
    } catch (KubernetesClientException e) {
      throw new ReferenceUnavailableException(
          "cannot read %s \"%s\": %s".formatted(kind.word(), name, e.getMessage()), e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    watches.values().forEach(SharedIndexInformer::stop);
    watches.clear();
  }

  private Resource<? extends HasMetadata> resource(Key key) {
    return switch (key.kind()) {
      case CONFIG_MAP -> client.configMaps().inNamespace(namespace).withName(key.name());
      case SECRET -> client.secrets().inNamespace(namespace).withName(key.name());
    };
  }

  private synchronized void watch(Key key, @Nullable HasMetadata known) {
    if (closed) {
      return;
    }
    SharedIndexInformer<? extends HasMetadata> informer = start(resource(key), known);
    watches.put(key, informer);
  }

  private <T extends HasMetadata> SharedIndexInformer<T> start(
      Resource<T> resource, @Nullable HasMetadata known) {
    SharedIndexInformer<T> informer = resource.runnableInformer(0);
    informer.exceptionHandler((wasStarted, failure) -> true);
    informer.addEventHandler(new Waker<>(known == null ? "" : version(known)));
    informer
        .start()
        .whenComplete((unused, failure) -> {
          if (failure != null) {
            LOG.atDebug().setCause(failure).log("watch of a referenced object not started");
          }
        });
    return informer;
  }

  private static String version(HasMetadata object) {
    return object.getMetadata().getResourceVersion();
  }

  private static Map<String, byte[]> entries(HasMetadata object) {
    Map<String, byte[]> entries = new HashMap<>();
    if (object instanceof Secret secret && secret.getData() != null) {
      secret.getData().forEach((key, value) -> entries.put(key, Base64.getDecoder().decode(value)));
    }
    if (object instanceof ConfigMap map) {
      map.getData()
          .forEach((key, value) -> entries.put(key, value.getBytes(StandardCharsets.UTF_8)));
      map.getBinaryData()
          .forEach((key, value) -> entries.put(key, Base64.getDecoder().decode(value)));
    }
    return entries;
  }

  private record Key(Kind kind, String name) {}

  /** Wakes the pod, but not for the state it has read already. */
  private final class Waker<T extends HasMetadata> implements ResourceEventHandler<T> {
    private final String knownVersion;

    Waker(String knownVersion) {
      this.knownVersion = knownVersion;
    }

    @Override
    public void onAdd(T object) {
      if (!version(object).equals(knownVersion)) {
        onChange.run();
      }
    }

    @Override
    public void onUpdate(T before, T after) {
      if (!version(before).equals(version(after))) {
        onChange.run();
      }
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      onChange.run();
    }
  }
}
