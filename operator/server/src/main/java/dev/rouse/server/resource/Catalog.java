package dev.rouse.server.resource;

import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.Session;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * Agents and Environments: what this process knows of them, and how it asks and writes.
 *
 * @param agents as known
 * @param environments as known
 * @param agentSpecs requests
 * @param environmentSpecs requests
 * @param sessionSpecs requests, for what refers to an Environment
 * @param versions of agents
 */
public record Catalog(
    Objects<Agent> agents,
    Objects<Environment> environments,
    SpecObjects<Agent> agentSpecs,
    SpecObjects<Environment> environmentSpecs,
    SpecObjects<Session> sessionSpecs,
    AgentHistory versions) {

  /** Lets everybody who waits go on with what is known. */
  public void stopWaiting() {
    agents.stopWaiting();
    environments.stopWaiting();
  }

  /** Of a real cluster. */
  public static Catalog of(KubernetesClient client) {
    return new Catalog(
        new Objects<>(),
        new Objects<>(),
        new KubernetesSpecs<>(client, Agent.class),
        new KubernetesSpecs<>(client, Environment.class),
        new KubernetesSpecs<>(client, Session.class),
        new KubernetesHistory(client));
  }
}
