package dev.rouse.server.keeper;

import dev.rouse.api.Agent;
import dev.rouse.api.version.AgentVersion;

/** How an agent's present spec becomes a stored version. */
@FunctionalInterface
public interface Versions {
  AgentVersion ensure(Agent agent);
}
