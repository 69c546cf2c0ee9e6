package dev.rouse.server.resource;

import dev.rouse.api.Agent;
import dev.rouse.api.version.AgentVersions;
import dev.rouse.api.version.DatedVersion;
import dev.rouse.api.version.Placement;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/** Versions as ControllerRevisions. */
final class KubernetesHistory implements AgentHistory {

  private final KubernetesClient client;

  KubernetesHistory(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Placement place(Agent agent) {
    return AgentVersions.place(client, agent);
  }

  @Override
  public Optional<DatedVersion> read(Agent agent, int version) {
    return AgentVersions.dated(client, agent, version);
  }

  @Override
  public List<DatedVersion> all(Agent agent) {
    return AgentVersions.all(client, agent);
  }
}
