package dev.rouse.server;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderSpec;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.reference.Lookup;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.api.version.Placement;
import dev.rouse.server.resource.Catalog;
import dev.rouse.server.resource.Objects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Objects of a namespace in memory: sessions, and what they refer to. */
public final class FakeCluster extends FakeSessions implements Lookup {

  public static final String NAMESPACE = "team-a";

  /** Agents and Environments as the API sees them. */
  public final FakeSpecs<Agent> agentSpecs = new FakeSpecs<>(Agent.class);

  public final FakeSpecs<Environment> environmentSpecs = new FakeSpecs<>(Environment.class);

  /** Leases of work items. */
  public final FakeWork work = new FakeWork();

  /** Environment keys. */
  public final FakeGrants grants = new FakeGrants();

  /** The time of work and of keys. */
  public Clock clock = Clock.systemUTC();

  private final FakeSpecs<Session> sessionSpecs = new FakeSpecs<>(Session.class);
  private final FakeHistory history = new FakeHistory();
  private final Map<String, HasMetadata> others = new LinkedHashMap<>();
  private final List<Catalog> catalogs = new ArrayList<>();

  /** The same cluster after this object is gone, for example {@code Agent/reviewer}. */
  public synchronized FakeCluster without(String object) {
    HasMetadata gone = others.remove(object);
    for (Catalog catalog : catalogs) {
      if (gone instanceof Agent agent) {
        catalog.agents().forget(agent);
      }
      if (gone instanceof Environment environment) {
        catalog.environments().forget(environment);
      }
    }
    return this;
  }

  /** What one server knows of Agents and Environments, told of every change from now on. */
  public synchronized Catalog catalog() {
    Catalog catalog =
        new Catalog(
            new Objects<>(), new Objects<>(), agentSpecs, environmentSpecs, sessionSpecs, history);
    agentSpecs.list(NAMESPACE).forEach(catalog.agents()::learn);
    environmentSpecs.list(NAMESPACE).forEach(catalog.environments()::learn);
    agentSpecs.watch(catalog.agents()::learn);
    environmentSpecs.watch(catalog.environments()::learn);
    others.values().forEach(object -> learn(catalog, object));
    catalogs.add(catalog);
    return catalog;
  }

  private static void learn(Catalog catalog, HasMetadata object) {
    switch (object) {
      case Agent agent -> catalog.agents().learn(agent);
      case Environment environment -> catalog.environments().learn(environment);
      default -> {}
    }
  }

  /** Makes what a session of {@link #session} refers to. */
  public FakeCluster withReferences() {
    put(agent("reviewer"));
    put(environment("sandbox"));
    put(provider("main"));
    return this;
  }

  public static Agent agent(String name) {
    Agent agent = new Agent();
    agent.setMetadata(new ObjectMetaBuilder().withName(name).build());
    agent.setSpec(
        Serialization.unmarshal(
            """
            displayName: Reviewer
            model: {id: claude-test}
            system: Review.
            tools: [{type: agent_toolset_20260401}]
            """,
            AgentSpec.class));
    return agent;
  }

  public static Environment environment(String name) {
    Environment environment = new Environment();
    environment.setMetadata(new ObjectMetaBuilder().withName(name).build());
    environment.setSpec(Serialization.unmarshal("ephemeral: true", EnvironmentSpec.class));
    return environment;
  }

  /** One whose tools workers run. */
  public static Environment selfHosted(String name) {
    Environment environment = new Environment();
    environment.setMetadata(new ObjectMetaBuilder().withName(name).build());
    environment.setSpec(Serialization.unmarshal("type: self_hosted", EnvironmentSpec.class));
    return environment;
  }

  public static ModelProvider provider(String name) {
    ModelProvider provider = new ModelProvider();
    provider.setMetadata(new ObjectMetaBuilder().withName(name).build());
    provider.setSpec(
        Serialization.unmarshal(
            """
            type: anthropic
            baseURL: http://models.example
            secretRef: {name: key, key: key}
            default: true
            """,
            ModelProviderSpec.class));
    return provider;
  }

  public synchronized void put(HasMetadata object) {
    put(object, NAMESPACE);
  }

  /** The same elsewhere; names are unique in all namespaces together. */
  public synchronized void put(HasMetadata object, String namespace) {
    object.getMetadata().setNamespace(namespace);
    object.getMetadata().setUid(UUID.randomUUID().toString());
    object.getMetadata().setGeneration(1L);
    object.getMetadata().setResourceVersion("1");
    object.getMetadata().setCreationTimestamp("2026-01-02T03:04:05Z");
    catalogs.forEach(catalog -> learn(catalog, object));
    others.put(object.getKind() + "/" + object.getMetadata().getName(), object);
  }

  /** Makes a Session object that refers to an Environment, and that no server runs. */
  public void idleSession(String name, String environment) {
    sessionSpecs.create(
        NAMESPACE,
        name,
        "{agentRef: {name: reviewer}, environmentRef: {name: %s}}".formatted(environment));
  }

  /** Makes a session with these messages, ids {@code m0, m1, …}. */
  public Session session(String name, String... texts) {
    List<SessionSpec.Message> messages = new ArrayList<>();
    for (String text : texts) {
      messages.add(new SessionSpec.Message("m" + messages.size(), text));
    }
    return session(name, NAMESPACE, messages);
  }

  public Session session(String name, String namespace, List<SessionSpec.Message> messages) {
    Session session = draft(name, namespace, messages);
    store(session);
    return session;
  }

  /** Makes a session of this spec. */
  public Session session(String name, SessionSpec spec) {
    Session session = draft(name, NAMESPACE, List.of());
    session.setSpec(spec);
    store(session);
    return session;
  }

  /** Makes a session that bears the mark of being created, at this time. */
  public Session marked(String name, String created) {
    Session session = draft(name, NAMESPACE, List.of());
    session.getMetadata().setCreationTimestamp(created);
    session.getMetadata().setAnnotations(Map.of(Rouse.CREATING_ANNOTATION, "true"));
    store(session);
    return session;
  }

  private static Session draft(String name, String namespace, List<SessionSpec.Message> messages) {
    Session session = new Session();
    session.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withUid(UUID.randomUUID().toString())
            .withGeneration(1L)
            .withCreationTimestamp("2026-01-02T03:04:05Z")
            .build());
    session.setSpec(
        new SessionSpec(
            new SessionSpec.AgentRef("reviewer", null),
            new SessionSpec.EnvironmentRef("sandbox"),
            "A review",
            Map.of("team", "a"),
            messages,
            null));
    return session;
  }

  @Override
  public synchronized Optional<Agent> agent(String namespace, String name) {
    return Optional.ofNullable((Agent) others.get("Agent/" + name))
        .or(() -> agentSpecs.read(namespace, name));
  }

  @Override
  public Optional<AgentSpec> agentVersion(Agent agent, int number) {
    return history.read(agent, number).map(it -> it.version().spec());
  }

  /** The version that an agent's spec is; 3 for one of {@link #put}, which has no history. */
  public synchronized AgentVersion version(Agent agent) {
    if (others.containsKey("Agent/" + agent.getMetadata().getName())) {
      return new AgentVersion(3, agent.getSpec());
    }
    return switch (history.place(agent)) {
      case Placement.Current current -> current.dated().version();
      case Placement.Superseded superseded -> superseded.by();
    };
  }

  @Override
  public synchronized Optional<Environment> environment(String namespace, String name) {
    return Optional.ofNullable((Environment) others.get("Environment/" + name))
        .or(() -> environmentSpecs.read(namespace, name));
  }

  @Override
  public Optional<Session> otherSession(String namespace, String name) {
    return read(namespace, name);
  }

  @Override
  public synchronized Collection<ModelProvider> modelProviders(String namespace) {
    return others.values().stream()
        .filter(ModelProvider.class::isInstance)
        .map(ModelProvider.class::cast)
        .toList();
  }
}
