package dev.rouse.server.wire;

import dev.rouse.api.Agent;
import dev.rouse.api.version.DatedVersion;
import dev.rouse.api.version.Placement;
import dev.rouse.server.resource.AgentHistory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which version an agent's spec is. What was found once holds for ever: one generation of an object
 * is one spec, and one version one content. So a list costs no request for each agent in it.
 */
final class VersionIndex {

  private static final int SIZE = 2_000;

  private record Key(String uid, long generation) {}

  private final AgentHistory history;
  private final Map<Key, DatedVersion> found = new LinkedHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  VersionIndex(AgentHistory history) {
    this.history = history;
  }

  /** The version that the agent's spec is, made now if need be; empty if a newer one came first. */
  Optional<DatedVersion> of(Agent agent) {
    Long generation = agent.getMetadata().getGeneration();
    Key key = new Key(agent.getMetadata().getUid(), generation == null ? 0 : generation);
    Optional<DatedVersion> known = get(key);
    if (known.isPresent()) {
      return known;
    }
    return switch (history.place(agent)) {
      case Placement.Current(DatedVersion dated) -> {
        put(key, dated);
        yield Optional.of(dated);
      }
      case Placement.Superseded _ -> Optional.empty();
    };
  }

  private Optional<DatedVersion> get(Key key) {
    lock.lock();
    try {
      return Optional.ofNullable(found.get(key));
    } finally {
      lock.unlock();
    }
  }

  private void put(Key key, DatedVersion dated) {
    lock.lock();
    try {
      found.put(key, dated);
      if (found.size() > SIZE) {
        found.remove(found.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }
}
