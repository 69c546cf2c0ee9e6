package dev.rouse.api.reference;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.Session;
import java.util.Collection;
import java.util.Optional;

/** How references are followed: over a cache, over requests, or over a test's maps. */
public interface Lookup {

  Optional<Agent> agent(String namespace, String name);

  /** A stored version of an agent; asked only where a Session names one. */
  Optional<AgentSpec> agentVersion(Agent agent, int version);

  Optional<Environment> environment(String namespace, String name);

  /** Another session; asked only where one is a fork of it. */
  Optional<Session> otherSession(String namespace, String name);

  /** All ModelProviders of a namespace. */
  Collection<ModelProvider> modelProviders(String namespace);
}
