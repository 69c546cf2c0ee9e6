package dev.rouse.server.wire;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.api.version.DatedVersion;
import dev.rouse.api.version.Placement;
import dev.rouse.server.resource.AgentHistory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which version an agent's spec is. What was found once holds for ever: one generation of an object
 * is one spec, and one version one content. So a list costs no request for each agent in it.
 */
final class VersionIndex {

  private static final int SIZE = 20_000;

  private record Key(String uid, long generation) {}

  /** A version without its content, which the object itself has. */
  private record Known(int number, Instant createdAt) {

    DatedVersion with(AgentSpec content) {
      return new DatedVersion(new AgentVersion(number, content), createdAt);
    }
  }

  private final AgentHistory history;
  private final Map<Key, Known> found = new LinkedHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  VersionIndex(AgentHistory history) {
    this.history = history;
  }

  /** The version that the agent's spec is, made now if need be; empty if a newer one came first. */
  Optional<DatedVersion> of(Agent agent) {
    Long generation = agent.getMetadata().getGeneration();
    Key key = new Key(agent.getMetadata().getUid(), generation == null ? 0 : generation);
    Optional<Known> known = get(key);
    if (known.isPresent()) {
      return Optional.of(known.get().with(agent.getSpec().content()));
    }
    return switch (history.place(agent)) {
      case Placement.Current(DatedVersion dated) -> {
        put(key, new Known(dated.version().number(), dated.createdAt()));
        yield Optional.of(dated);
      }
      case Placement.Superseded _ -> Optional.empty();
    };
  }

  private Optional<Known> get(Key key) {
    lock.lock();
    try {
      return Optional.ofNullable(found.get(key));
    } finally {
      lock.unlock();
    }
  }

  private void put(Key key, Known known) {
    lock.lock();
    try {
      found.put(key, known);
      if (found.size() > SIZE) {
        found.remove(found.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }
}
