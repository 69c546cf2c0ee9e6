package dev.rouse.api.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.SessionStatus;
import dev.rouse.api.reference.References.Pinned;
import dev.rouse.api.reference.References.Reason;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The objects that a session names: found, missing, archived, or pinned when it began. */
class ReferencesTest extends ReferencesFixture {

  @Test
  void aSessionWithARecord0KeepsItsProviderAndNeedsNoAgent() {
    // Given two defaults, which would be refused before record 0, and no agent
    namespace.withEnvironment("box").provider("a", true).provider("b", true);
    session.setStatus(pinnedTo("b"));
    // When
    References references = resolve();
    // Then
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Pinned.class))
        .extracting(it -> it.provider().getMetadata().getName())
        .isEqualTo("b");
  }

  @Test
  void aPinnedProviderThatIsGoneIsNamed() {
    // Given
    namespace.withEnvironment("box").provider("a", true);
    session.setStatus(pinnedTo("b"));
    // When
    References references = resolve();
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
      namespace.withAgent("coder", "fast");
    }
    if (!missing.equals("environment")) {
      namespace.withEnvironment("box");
    }
    namespace.provider("a", true);
    session.setSpec(spec(missing.equals("version") ? 7 : null));
    // When
    References references = resolve();
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

  @Tag("contract-agent-archive")
  @Test
  void anArchivedAgentTakesNoNewSession() {
    // Given
    namespace.archivedAgent("coder").withEnvironment("box").provider("a", true);
    // When
    References references = resolve();
    // Then
    assertUnresolved(references, Reason.AgentArchived, "Agent coder", "create a new Session");
  }

  @Tag("contract-env-archive")
  @Test
  void anArchivedEnvironmentTakesNoNewSession() {
    // Given
    namespace.withAgent("coder", "fast").withEnvironment("box", true).provider("a", true);
    // When
    References references = resolve();
    // Then
    assertUnresolved(
        references, Reason.EnvironmentArchived, "Environment box", "create a new Session");
  }

  @Tag("contract-agent-archive")
  @Tag("contract-env-archive")
  @Test
  void aSessionThatHasBegunGoesOnWithWhatIsArchived() {
    // Given
    namespace.archivedAgent("coder").withEnvironment("box", true).provider("a", true);
    session.setStatus(pinnedTo("a"));
    // When
    References references = resolve();
    // Then
    assertThat(references.backing()).isPresent();
  }

  private static SessionStatus pinnedTo(String provider) {
    return new SessionStatus(
        "Idle", null, 1, provider, null, null, null, null, null, null, null, null, null);
  }
}
