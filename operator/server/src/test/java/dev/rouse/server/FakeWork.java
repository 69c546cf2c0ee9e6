package dev.rouse.server;

import dev.rouse.server.resource.Objects;
import dev.rouse.server.work.WorkObjects;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Leases in memory, with versions; and failures on demand. */
public final class FakeWork implements WorkObjects {

  private final Map<String, Lease> leases = new LinkedHashMap<>();
  private final List<Objects<Lease>> watchers = new CopyOnWriteArrayList<>();
  private long version = 5000;
  private int failures;
  private int writes;
  private boolean silent;

  /** The next writes find no API server. */
  public synchronized void failNext(int times) {
    failures = times;
  }

  /** Whether watches bring nothing. */
  public synchronized void silence(boolean on) {
    silent = on;
  }

  /** How often a Lease was written. */
  public synchronized int writes() {
    return writes;
  }

  /** All Leases that there are. */
  public synchronized List<Lease> all() {
    return List.copyOf(leases.values());
  }

  public synchronized void watch(Objects<Lease> server) {
    watchers.add(server);
    leases.values().forEach(server::learn);
  }

  public void unwatch(Objects<Lease> server) {
    watchers.remove(server);
  }

  /** Changes a Lease as somebody else does. */
  public synchronized void change(Lease lease, UnaryOperator<Lease> change) {
    store(change.apply(Serialization.clone(leases.get(key(lease)))));
  }

  private static String key(Lease lease) {
    return lease.getMetadata().getNamespace() + "/" + lease.getMetadata().getName();
  }

  private Lease store(Lease lease) {
    lease.getMetadata().setResourceVersion(Long.toString(++version));
    writes++;
    leases.put(key(lease), lease);
    if (!silent) {
      watchers.forEach(watcher -> watcher.learn(lease));
    }
    return lease;
  }

  private void mayFail() {
    if (failures > 0) {
      failures--;
      throw new KubernetesClientException("planned failure", 500, null);
    }
  }

  @Override
  public synchronized Optional<Lease> read(String namespace, String name) {
    return Optional.ofNullable(leases.get(namespace + "/" + name));
  }

  @Override
  public synchronized Optional<Lease> create(Lease lease) {
    mayFail();
    if (leases.containsKey(key(lease))) {
      return Optional.empty();
    }
    Lease made = Serialization.clone(lease);
    made.getMetadata().setUid(UUID.randomUUID().toString());
    made.getMetadata()
        .setCreationTimestamp(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return Optional.of(store(made));
  }

  @Override
  public synchronized Optional<Lease> update(Lease lease) {
    mayFail();
    return isCurrent(lease) ? Optional.of(store(Serialization.clone(lease))) : Optional.empty();
  }

  private boolean isCurrent(Lease lease) {
    Lease now = leases.get(key(lease));
    return now != null
        && now.getMetadata().getUid().equals(lease.getMetadata().getUid())
        && now.getMetadata().getResourceVersion().equals(lease.getMetadata().getResourceVersion());
  }

  @Override
  public synchronized boolean delete(Lease lease) {
    mayFail();
    if (!isCurrent(lease)) {
      return false;
    }
    Lease gone = leases.remove(key(lease));
    if (!silent) {
      watchers.forEach(watcher -> watcher.forget(gone));
    }
    return true;
  }
}
