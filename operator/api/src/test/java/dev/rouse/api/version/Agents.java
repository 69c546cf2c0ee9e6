package dev.rouse.api.version;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.AgentStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Agents for tests. */
final class Agents {

  private Agents() {}

  static AgentSpec spec(String system) {
    return new AgentSpec(
        "Coder",
        null,
        AgentSpec.Model.of("fast"),
        system,
        List.of(AgentSpec.Tool.builtIn(null, List.of())),
        Map.of("team", "a", "cost", "b"),
        null);
  }

  static Agent agent(String name, String namespace, String system, long generation) {
    Agent agent = new Agent();
    agent.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(namespace)
            .withUid(UUID.randomUUID().toString())
            .withGeneration(generation)
            .build());
    agent.setSpec(spec(system));
    return agent;
  }

  static void change(Agent agent, String system) {
    agent.setSpec(spec(system));
    agent.getMetadata().setGeneration(agent.getMetadata().getGeneration() + 1);
  }

  static void status(Agent agent, int version) {
    agent.setStatus(new AgentStatus(version, null, List.of()));
  }
}
