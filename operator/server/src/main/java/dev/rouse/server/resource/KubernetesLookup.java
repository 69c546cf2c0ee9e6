package dev.rouse.server.resource;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.Session;
import dev.rouse.api.reference.Lookup;
import dev.rouse.api.version.AgentVersions;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.Optional;

/**
 * Follows references by reading. Done once in a session's life, and what is read is pinned for the
 * rest of it: so a cache that lags will not do.
 */
public final class KubernetesLookup implements Lookup {

  private final KubernetesClient client;

  public KubernetesLookup(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Agent> agent(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(Agent.class).inNamespace(namespace).withName(name).get());
  }

  @Override
  public Optional<AgentSpec> agentVersion(Agent agent, int version) {
    return AgentVersions.read(client, agent, version);
  }

  @Override
  public Optional<Environment> environment(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(Environment.class).inNamespace(namespace).withName(name).get());
  }

  @Override
  public Optional<Session> otherSession(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(Session.class).inNamespace(namespace).withName(name).get());
  }

  @Override
  public Collection<ModelProvider> modelProviders(String namespace) {
    return client.resources(ModelProvider.class).inNamespace(namespace).list().getItems();
  }
}
