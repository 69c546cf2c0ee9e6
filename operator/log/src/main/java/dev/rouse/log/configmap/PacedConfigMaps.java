package dev.rouse.log.configmap;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Calls that nobody waits for. After each the caller rests as long as the call took, so that a row
 * of them leaves the API server free half of the time for the appends that somebody waits for.
 */
final class PacedConfigMaps implements ConfigMaps {

  /** A slow API server must not put a merge off for ever. */
  private static final long MOST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ConfigMaps calls;

  PacedConfigMaps(ConfigMaps calls) {
    this.calls = calls;
  }

  @Override
  public Optional<ConfigMap> get(String namespace, String name) {
    return paced(() -> calls.get(namespace, name));
  }

  @Override
  public Written create(ConfigMap object) {
    return paced(() -> calls.create(object));
  }

  @Override
  public Written update(ConfigMap object) {
    return paced(() -> calls.update(object));
  }

  @Override
  public void delete(String namespace, String name) {
    paced(() -> {
      calls.delete(namespace, name);
      return name;
    });
  }

  @Override
  public List<SegmentObject> segments(String namespace, String sessionUid) {
    return paced(() -> calls.segments(namespace, sessionUid));
  }

  private static <T> T paced(Supplier<T> call) {
    long start = System.nanoTime();
    T answer = call.get();
    long took = System.nanoTime() - start;
    LockSupport.parkNanos(Math.min(took, MOST_REST_NANOS));
    return answer;
  }
}
