package dev.rouse.server.resource;

import dev.rouse.api.Agent;
import dev.rouse.api.version.DatedVersion;
import dev.rouse.api.version.Placement;
import java.util.List;
import java.util.Optional;

/** The stored versions of agents; blocking. */
public interface AgentHistory {

  /**
   * Makes the agent's spec a version, unless it is the newest already or a newer one came first.
   */
  Placement place(Agent agent);

  /** A version by its number. */
  Optional<DatedVersion> read(Agent agent, int version);

  /** Every version, the newest first. */
  List<DatedVersion> all(Agent agent);
}
