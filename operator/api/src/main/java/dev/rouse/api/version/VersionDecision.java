package dev.rouse.api.version;

import dev.rouse.api.AgentSpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Whether an agent's spec is a version already. Pure. */
sealed interface VersionDecision {

  /** It is the highest version. */
  record Reuse(AgentVersion version) implements VersionDecision {}

  /**
   * It is older than the highest version and differs from it: no version is made of it any more.
   */
  record Superseded(AgentVersion by) implements VersionDecision {}

  /** It becomes this number. */
  record Create(int number) implements VersionDecision {}

  /**
   * A version as found.
   *
   * @param generation {@code metadata.generation} of the Agent that it was made from; 0 if unknown
   */
  record Stored(AgentVersion version, long generation) {}

  /**
   * Decides by content against the highest version alone, so that A→B→A is three versions.
   *
   * @param stored every version found
   * @param spec what the agent is now
   * @param generation {@code metadata.generation} of that spec; 0 if unknown. A spec that is older
   *     than the highest version was read from a cache that lags, and never becomes a version
   * @param known the highest number known from elsewhere (the Agent's status), 0 if none: numbers
   *     of removed versions are not given again
   */
  static VersionDecision of(Collection<Stored> stored, AgentSpec spec, long generation, int known) {
    Optional<Stored> highest =
        stored.stream().max(Comparator.comparingInt(it -> it.version().number()));
    if (highest.isEmpty()) {
      return new Create(known + 1);
    }
    Stored last = highest.get();
    boolean stale = generation > 0 && generation < last.generation();
    if (last.version().number() >= known && last.version().spec().equals(spec)) {
      return new Reuse(last.version());
    }
    return stale
        ? new Superseded(last.version())
        : new Create(Math.max(last.version().number(), known) + 1);
  }
}
