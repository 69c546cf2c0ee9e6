package dev.rouse.api.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderSpec;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.reference.References.Pinned;
import dev.rouse.api.reference.References.Reason;
import dev.rouse.api.reference.References.Resolved;
import dev.rouse.api.reference.References.Unresolved;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferencesTest {

  private final World world = new World();

  @Test
  void aListedModelGoesToTheProviderThatListsIt() {
    // Given
    world.withAgent("coder", "fast").withEnvironment("box");
    world.provider("a", true).provider("b", false, model("fast", "upstream-1", 1000));
    // When
    References references = world.resolve();
    // Then
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Resolved.class))
        .extracting(Resolved::model)
        .isEqualTo(new PinnedModel("b", "upstream-1", 1000));
    assertThat(references.backing()).isPresent();
  }

  @Test
  void anUnlistedModelGoesToTheDefaultUnderItsOwnName() {
    // Given
    world.withAgent("coder", "fast").withEnvironment("box");
    world.provider("a", true).provider("b", false, model("slow", null, null));
    // When
    References references = world.resolve();
    // Then
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Resolved.class))
        .extracting(Resolved::model)
        .isEqualTo(new PinnedModel("a", "fast", ModelProviderSpec.DEFAULT_MAX_TOKENS));
  }

  @Test
  void aVersionThatIsNamedDecidesTheModel() {
    // Given
    world.withAgent("coder", "fast").withEnvironment("box").version(2, "slow");
    world.provider("b", false, model("slow", null, null));
    world.session.setSpec(spec(2));
    // When
    References references = world.resolve();
    // Then
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Resolved.class))
        .extracting(Resolved::model)
        .isEqualTo(new PinnedModel("b", "slow", ModelProviderSpec.DEFAULT_MAX_TOKENS));
  }

  @Test
  void aSessionWithARecord0KeepsItsProviderAndNeedsNoAgent() {
    // Given two defaults, which would be refused before record 0, and no agent
    world.withEnvironment("box").provider("a", true).provider("b", true);
    world.session.setStatus(pinnedTo("b"));
    // When
    References references = world.resolve();
    // Then
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Pinned.class))
        .extracting(it -> it.provider().getMetadata().getName())
        .isEqualTo("b");
  }

  @Test
  void aPinnedProviderThatIsGoneIsNamed() {
    // Given
    world.withEnvironment("box").provider("a", true);
    world.session.setStatus(pinnedTo("b"));
    // When
    References references = world.resolve();
    // Then
    assertUnresolved(
        references, Reason.ModelProviderNotFound, "ModelProvider b", "create a new Session");
    assertThat(references.backing()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"agent", "environment", "version"})
  void whatIsMissingIsNamedWithItsFieldAndTheWayOut(String missing) {
    // Given
    if (!missing.equals("agent")) {
      world.withAgent("coder", "fast");
    }
    if (!missing.equals("environment")) {
      world.withEnvironment("box");
    }
    world.provider("a", true);
    world.session.setSpec(spec(missing.equals("version") ? 7 : null));
    // When
    References references = world.resolve();
    // Then
    switch (missing) {
      case "agent" ->
          assertUnresolved(
              references, Reason.AgentNotFound, "Agent coder", "spec.agentRef.name", "create it");
      case "environment" ->
          assertUnresolved(
              references,
              Reason.EnvironmentNotFound,
              "Environment box",
              "spec.environmentRef.name",
              "create it");
      default ->
          assertUnresolved(
              references,
              Reason.AgentVersionNotFound,
              "Agent coder has no version 7",
              "spec.agentRef.version",
              "controllerrevisions");
    }
  }

  @Test
  void aModelThatNobodyServesIsRefusedWithTheCandidates() {
    // Given
    world.withAgent("coder", "fast").withEnvironment("box");
    world.provider("b", false).provider("a", false);
    // When
    References references = world.resolve();
    // Then
    assertUnresolved(references, Reason.ModelNotServed, "model fast", "Agent coder", "a, b");
  }

  @Test
  void aNamespaceWithoutProvidersIsToldToMakeOne() {
    // Given
    world.withAgent("coder", "fast").withEnvironment("box");
    // When
    References references = world.resolve();
    // Then
    assertUnresolved(references, Reason.ModelNotServed, "has no ModelProvider: create one");
  }

  @Test
  void aModelThatTwoListIsRefusedWithBoth() {
    // Given
    world.withAgent("coder", "fast").withEnvironment("box");
    world.provider("b", false, model("fast", null, null));
    world.provider("a", false, model("fast", null, null)).provider("c", true);
    // When
    References references = world.resolve();
    // Then
    assertUnresolved(references, Reason.ModelAmbiguous, "(a, b)", "spec.models");
  }

  @Test
  void twoDefaultsAreRefusedWithBoth() {
    // Given
    world.withAgent("coder", "fast").withEnvironment("box").provider("b", true).provider("a", true);
    // When
    References references = world.resolve();
    // Then
    assertUnresolved(references, Reason.ModelAmbiguous, "(a, b)", "spec.default");
  }

  @Tag("contract-agent-archive")
  @Test
  void anArchivedAgentTakesNoNewSession() {
    // Given
    world.archivedAgent("coder").withEnvironment("box").provider("a", true);
    // When
    References references = world.resolve();
    // Then
    assertUnresolved(references, Reason.AgentArchived, "Agent coder", "create a new Session");
  }

  @Tag("contract-env-archive")
  @Test
  void anArchivedEnvironmentTakesNoNewSession() {
    // Given
    world.withAgent("coder", "fast").withEnvironment("box", true).provider("a", true);
    // When
    References references = world.resolve();
    // Then
    assertUnresolved(
        references, Reason.EnvironmentArchived, "Environment box", "create a new Session");
  }

  @Tag("contract-agent-archive")
  @Tag("contract-env-archive")
  @Test
  void aSessionThatHasBegunGoesOnWithWhatIsArchived() {
    // Given
    world.archivedAgent("coder").withEnvironment("box", true).provider("a", true);
    world.session.setStatus(pinnedTo("a"));
    // When
    References references = world.resolve();
    // Then
    assertThat(references.backing()).isPresent();
  }

  private static void assertUnresolved(References references, Reason reason, String... parts) {
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Unresolved.class))
        .satisfies(it -> {
          assertThat(it.reason()).isEqualTo(reason);
          assertThat(it.message()).contains(parts);
        });
  }

  private static SessionSpec forkOf(String source) {
    SessionSpec plain = spec(null);
    return new SessionSpec(
        plain.agentRef(),
        plain.environmentRef(),
        null,
        Map.of(),
        List.of(),
        null,
        null,
        null,
        new SessionSpec.ForkFrom(source, 3L, null));
  }

  private static SessionSpec budgeted() {
    SessionSpec plain = spec(null);
    return new SessionSpec(
        plain.agentRef(),
        plain.environmentRef(),
        null,
        Map.of(),
        List.of(),
        null,
        null,
        null,
        null,
        SessionSpec.Budget.ofCents("250"));
  }

  @Test
  void aBudgetNeedsAModelWithAPrice() {
    // Given
    world.withAgent("coder", "fast").withEnvironment("box");
    world.provider("a", false, model("fast", null, null));
    world.session.setSpec(budgeted());
    // When
    References references = world.resolve();
    // Then
    assertUnresolved(references, Reason.ModelNotBudgetable, "fast", "ModelProvider a", "price");
    assertThat(Reason.ModelNotBudgetable.needsPerson()).isFalse();
  }

  @Test
  void aPriceIsPinnedWithItsModel() {
    // Given
    ModelProviderSpec.Price price = new ModelProviderSpec.Price("3", "15", null, "0.30");
    world.withAgent("coder", "fast").withEnvironment("box");
    world.provider("a", false, new ModelProviderSpec.Model("fast", null, null, null, price));
    world.session.setSpec(budgeted());
    // When
    References references = world.resolve();
    // Then
    assertThat(references)
        .isInstanceOfSatisfying(
            Resolved.class, it -> assertThat(it.model().price()).isEqualTo(price));
  }

  @Test
  void aForkNeedsItsSourceAndNoAgent() {
    // Given a namespace without the agent
    World world = new World().withEnvironment("box");
    world.session.setSpec(forkOf("source"));
    Session source = World.named(new Session(), "source");
    source.setSpec(spec(2));
    world.sessions.add(source);
    // When
    References references = world.resolve();
    // Then
    assertThat(references)
        .isInstanceOfSatisfying(
            References.Forked.class, it -> assertThat(it.source()).isSameAs(source));
    assertThat(references.backing()).isEmpty();
  }

  @Test
  void aForkOfASessionThatIsNotThereWaitsForIt() {
    // Given
    World world = new World().withEnvironment("box");
    world.session.setSpec(forkOf("source"));
    // When
    References references = world.resolve();
    // Then
    assertThat(references)
        .isInstanceOfSatisfying(
            References.Unresolved.class,
            it -> {
              assertThat(it.reason()).isEqualTo(References.Reason.ForkSourceNotFound);
              assertThat(it.reason().needsPerson()).isFalse();
              assertThat(it.message()).contains("Session source (spec.forkFrom.session)");
            });
  }

  @Test
  void aForkNamesTheAgentOfItsSource() {
    // Given
    World world = new World().withEnvironment("box");
    world.session.setSpec(forkOf("source"));
    Session source = World.named(new Session(), "source");
    source.setSpec(
        new SessionSpec(
            new SessionSpec.AgentRef("writer", null),
            new SessionSpec.EnvironmentRef("box"),
            null,
            Map.of(),
            List.of(),
            null));
    world.sessions.add(source);
    // When
    References references = world.resolve();
    // Then
    assertThat(references)
        .isInstanceOfSatisfying(
            References.Unresolved.class,
            it -> {
              assertThat(it.reason()).isEqualTo(References.Reason.ForkAgentDiffers);
              assertThat(it.message()).contains("is of Agent writer").contains("says coder");
            });
  }

  private static SessionSpec spec(Integer version) {
    return new SessionSpec(
        new SessionSpec.AgentRef("coder", version),
        new SessionSpec.EnvironmentRef("box"),
        null,
        Map.of(),
        List.of(),
        null);
  }

  private static SessionStatus pinnedTo(String provider) {
    return new SessionStatus(
        "Idle", null, 1, provider, null, null, null, null, null, null, null, null, null);
  }

  private static ModelProviderSpec.Model model(String name, String upstream, Integer maxTokens) {
    return new ModelProviderSpec.Model(name, upstream, maxTokens, null, null);
  }

  /** A namespace, in maps. */
  private static final class World implements Lookup {
    final Session session = named(new Session(), "s");
    private final Map<String, Agent> agents = new HashMap<>();
    private final Map<Integer, AgentSpec> versions = new HashMap<>();
    private final Map<String, Environment> environments = new HashMap<>();
    private final List<ModelProvider> providers = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();

    World() {
      session.setSpec(spec(null));
    }

    References resolve() {
      return References.resolve(session, this);
    }

    World withAgent(String name, String model) {
      Agent agent = named(new Agent(), name);
      agent.setSpec(agentSpec(model));
      agents.put(name, agent);
      return this;
    }

    World archivedAgent(String name) {
      Agent agent = named(new Agent(), name);
      agent.setSpec(
          new AgentSpec(null, null, AgentSpec.Model.of("fast"), null, List.of(), Map.of(), true));
      agents.put(name, agent);
      return this;
    }

    World version(int version, String model) {
      versions.put(version, agentSpec(model));
      return this;
    }

    World withEnvironment(String name) {
      return withEnvironment(name, null);
    }

    World withEnvironment(String name, Boolean archived) {
      Environment environment = named(new Environment(), name);
      environment.setSpec(
          new EnvironmentSpec(
              null, null, null, null, null, null, null, null, null, null, null, archived));
      environments.put(name, environment);
      return this;
    }

    World provider(String name, boolean isDefault, ModelProviderSpec.Model... models) {
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

    private static AgentSpec agentSpec(String model) {
      return new AgentSpec(null, null, AgentSpec.Model.of(model), null, List.of(), Map.of(), null);
    }

    private static <T extends HasMetadata> T named(T object, String name) {
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
}
