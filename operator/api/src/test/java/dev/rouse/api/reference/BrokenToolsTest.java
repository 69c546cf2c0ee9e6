package dev.rouse.api.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderSpec;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.reference.References.Reason;
import dev.rouse.api.reference.References.Resolved;
import dev.rouse.api.reference.References.Unresolved;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tools that came past the API and break a rule that no schema can check: no session begins. */
class BrokenToolsTest implements Lookup {

  private static final AgentSpec GOOD = spec("{\"type\":\"object\"}");
  private static final AgentSpec BROKEN =
      spec("{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/b\"}}}");

  private AgentSpec present = GOOD;
  private AgentSpec second = GOOD;

  private static AgentSpec spec(String schema) {
    return new AgentSpec(
        null, null, AgentSpec.Model.of("fast"), null, List.of(tool(schema)), Map.of(), null);
  }

  private static AgentSpec.Tool tool(String schema) {
    return AgentSpec.Tool.custom("ask", "Asks.", Serialization.unmarshal(schema, JsonNode.class));
  }

  private References resolve(@Nullable Integer version, @Nullable List<AgentSpec.Tool> overrides) {
    Session session = new Session();
    session.setMetadata(new ObjectMetaBuilder().withNamespace("team").withName("s").build());
    session.setSpec(
        new SessionSpec(
            new SessionSpec.AgentRef("coder", version),
            new SessionSpec.EnvironmentRef("box"),
            null,
            Map.of(),
            List.of(),
            null,
            overrides == null ? null : new SessionSpec.Overrides(null, null, overrides),
            null));
    return References.resolve(session, this);
  }

  private static void assertRefused(References references, Reason reason, String... parts) {
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Unresolved.class))
        .satisfies(it -> {
          assertThat(it.reason()).isEqualTo(reason);
          assertThat(it.message()).contains(parts);
        });
  }

  @Test
  void anAgentTakesNoSessionUntilItIsChanged() {
    // Given
    present = BROKEN;
    // When
    References references = resolve(null, null);
    // Then
    assertRefused(
        references,
        Reason.AgentInvalid,
        "spec.tools[0].inputSchema.properties.a.$ref: references are not allowed",
        "Agent coder",
        "change it there");
    assertThat(Reason.AgentInvalid.needsPerson()).isFalse();
  }

  @Test
  void aStoredVersionTakesNoSessionEver() {
    // Given
    second = BROKEN;
    // When
    References references = resolve(2, null);
    // Then
    assertRefused(
        references, Reason.AgentVersionInvalid, "version 2 of Agent coder", "another version");
    assertThat(Reason.AgentVersionInvalid.needsPerson()).isTrue();
  }

  @Test
  void aGoodVersionOfABrokenAgentTakesSessions() {
    // Given
    present = BROKEN;
    // When
    References references = resolve(2, null);
    // Then
    assertThat(references).isInstanceOf(Resolved.class);
  }

  @Test
  void overridesAreCheckedInPlaceOfTheAgent() {
    // Given
    present = BROKEN;
    // When
    References good = resolve(null, List.of());
    References bad = resolve(null, BROKEN.tools());
    // Then
    assertThat(good).isInstanceOf(Resolved.class);
    assertRefused(bad, Reason.OverridesInvalid, "spec.overrides.tools[0].inputSchema", "Session s");
    assertThat(Reason.OverridesInvalid.needsPerson()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"object\",\"oneOf\":[{}]}|oneOf: is not allowed at the top",
        "{\"type\":\"object\",\"anyOf\":[{}]}|anyOf: is not allowed at the top",
        "{\"type\":\"object\",\"allOf\":[{}]}|allOf: is not allowed at the top",
        "{\"type\":\"object\",\"properties\":{\"a b\":{}}}|properties.a b: a property's name",
        "{\"type\":\"object\",\"required\":[1]}|required.0: must be a string",
      })
  void everyRuleIsNamedWithItsField(String schema, String message) {
    // Given
    present = spec(schema);
    // When
    References references = resolve(null, null);
    // Then
    assertRefused(references, Reason.AgentInvalid, "spec.tools[0].inputSchema." + message);
  }

  @Override
  public Optional<Agent> agent(String namespace, String name) {
    Agent agent = new Agent();
    agent.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    agent.setSpec(present);
    return Optional.of(agent);
  }

  @Override
  public Optional<AgentSpec> agentVersion(Agent agent, int version) {
    return Optional.of(second);
  }

  @Override
  public Optional<Environment> environment(String namespace, String name) {
    Environment environment = new Environment();
    environment.setMetadata(new ObjectMetaBuilder().withName(name).build());
    environment.setSpec(
        new EnvironmentSpec(
            null, null, null, null, null, null, null, null, null, null, null, null));
    return Optional.of(environment);
  }

  @Override
  public Optional<Session> otherSession(String namespace, String name) {
    return Optional.empty();
  }

  @Override
  public Collection<ModelProvider> modelProviders(String namespace) {
    ModelProvider provider = new ModelProvider();
    provider.setMetadata(new ObjectMetaBuilder().withName("main").build());
    provider.setSpec(
        new ModelProviderSpec(
            ModelProviderSpec.Type.anthropic,
            "https://example.org",
            new ModelProviderSpec.SecretRef("s", "k"),
            List.of(),
            true));
    return List.of(provider);
  }
}
