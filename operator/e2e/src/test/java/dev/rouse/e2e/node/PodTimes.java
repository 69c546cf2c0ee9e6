package dev.rouse.e2e.node;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When the pods of a namespace's sessions came to be and were ready, as a watch tells: their own
 * times are of whole seconds.
 */
final class PodTimes implements AutoCloseable {

  private final Map<String, Instant> created = new ConcurrentHashMap<>();
  private final Map<String, Instant> ready = new ConcurrentHashMap<>();
  private final Watch watch;

  private PodTimes(Team team) {
    this.watch =
        team.client()
            .pods()
            .inNamespace(team.name())
            .withLabel(Rouse.SESSION_LABEL)
            .watch(new Times());
  }

  static PodTimes watch(Team team) {
    return new PodTimes(team);
  }

  private final class Times implements Watcher<Pod> {

    @Override
    public void eventReceived(Action action, Pod pod) {
      String key = key(pod);
      created.putIfAbsent(key, Instant.now());
      if (pod.getStatus().getConditions().stream()
          .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"))) {
        ready.putIfAbsent(key, Instant.now());
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new IllegalStateException("the watch of the figures ended", cause);
    }
  }

  private static String key(Pod pod) {
    return pod.getMetadata().getLabels().get(Rouse.SESSION_LABEL)
        + "/"
        + pod.getMetadata().getLabels().get(Rouse.ROLE_LABEL);
  }

  /** Of a session's first pod of a role, in milliseconds. */
  double createToReady(PodSession session, String role) {
    String key = session.uid() + "/" + role;
    Instant from = created.get(key);
    Instant until = ready.get(key);
    if (from == null || until == null) {
      throw new AssertionError("no %s of %s was ever ready".formatted(role, session.name()));
    }
    return Duration.between(from, until).toNanos() / 1e6;
  }

  @Override
  public void close() {
    watch.close();
  }
}
