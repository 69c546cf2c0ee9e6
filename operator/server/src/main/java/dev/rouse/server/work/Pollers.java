package dev.rouse.server.work;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which workers asked for work lately, by the names that they give themselves. */
final class Pollers {

  /** How long a poll counts (contract §1.4). */
  static final Duration LATELY = Duration.ofSeconds(30);

  /** Names are the callers' own: no more of them are kept for an environment. */
  private static final int MOST = 10_000;

  private final Clock clock;
  private final Map<String, Map<String, Instant>> seen = new HashMap<>();

  Pollers(Clock clock) {
    this.clock = clock;
  }

  synchronized void saw(String environmentUid, String worker) {
    forgetOld();
    Map<String, Instant> workers = seen.computeIfAbsent(environmentUid, _ -> new HashMap<>());
    if (workers.size() < MOST || workers.containsKey(worker)) {
      workers.put(worker, clock.instant());
    }
  }

  /**
   * How many polled lately: those that asked this server, and those that got an item of any. Who
   * asked another server and got nothing is not known here.
   */
  synchronized int count(String environmentUid, List<WorkItem> items) {
    forgetOld();
    Set<String> names = new HashSet<>(seen.getOrDefault(environmentUid, Map.of()).keySet());
    Instant since = clock.instant().minus(LATELY);
    items.stream()
        .filter(item -> item.claimedAt().filter(since::isBefore).isPresent())
        .flatMap(item -> item.worker().stream())
        .filter(worker -> !worker.equals(WorkQueue.UNNAMED))
        .forEach(names::add);
    return names.size();
  }

  /** Of all environments: those that nobody polls any more, or that are gone, leave nothing. */
  private void forgetOld() {
    Instant since = clock.instant().minus(LATELY);
    seen.values().forEach(workers -> workers.values().removeIf(at -> !since.isBefore(at)));
    seen.values().removeIf(Map::isEmpty);
  }
}
