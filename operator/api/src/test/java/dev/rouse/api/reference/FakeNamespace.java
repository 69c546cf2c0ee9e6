package dev.rouse.api.reference;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderSpec;
import dev.rouse.api.Session;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A namespace, in maps. */
final class FakeNamespace implements Lookup {

  private final Map<String, Agent> agents = new HashMap<>();
  private final Map<Integer, AgentSpec> versions = new HashMap<>();
  private final Map<String, Environment> environments = new HashMap<>();
  private final List<ModelProvider> providers = new ArrayList<>();
  private final List<Session> sessions = new ArrayList<>();

  FakeNamespace withAgent(String name, String model) {
    Agent agent = named(new Agent(), name);
    agent.setSpec(agentSpec(model));
    agents.put(name, agent);
    return this;
  }

  FakeNamespace archivedAgent(String name) {
    Agent agent = named(new Agent(), name);
    agent.setSpec(
        new AgentSpec(null, null, AgentSpec.Model.of("fast"), null, List.of(), Map.of(), true));
    agents.put(name, agent);
    return this;
  }

  FakeNamespace version(int version, String model) {
    versions.put(version, agentSpec(model));
    return this;
  }

  FakeNamespace withEnvironment(String name) {
    return withEnvironment(name, null);
  }

  FakeNamespace withEnvironment(String name, Boolean archived) {
    Environment environment = named(new Environment(), name);
    environment.setSpec(
        new EnvironmentSpec(
            null, null, null, null, null, null, null, null, null, null, null, archived));
    environments.put(name, environment);
    return this;
  }

  FakeNamespace provider(String name, boolean isDefault, ModelProviderSpec.Model... models) {
    ModelProvider provider = named(new ModelProvider(), name);
    provider.setSpec(
        new ModelProviderSpec(
            ModelProviderSpec.Type.anthropic,
            "https://example.org",
            new ModelProviderSpec.SecretRef("s", "k"),
            List.of(models),
            isDefault));
    providers.add(provider);
    return this;
  }

  FakeNamespace withSession(Session session) {
    sessions.add(session);
    return this;
  }

  private static AgentSpec agentSpec(String model) {
    return new AgentSpec(null, null, AgentSpec.Model.of(model), null, List.of(), Map.of(), null);
  }

  static <T extends HasMetadata> T named(T object, String name) {
    object.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace("ns").build());
    return object;
  }

  @Override
  public Optional<Agent> agent(String namespace, String name) {
    return Optional.ofNullable(agents.get(name));
  }

  @Override
  public Optional<AgentSpec> agentVersion(Agent agent, int version) {
    return Optional.ofNullable(versions.get(version));
  }

  @Override
  public Optional<Environment> environment(String namespace, String name) {
    return Optional.ofNullable(environments.get(name));
  }

  @Override
  public Optional<Session> otherSession(String namespace, String name) {
    return sessions.stream().filter(it -> it.getMetadata().getName().equals(name)).findFirst();
  }

  @Override
  public Collection<ModelProvider> modelProviders(String namespace) {
    return providers;
  }
}
