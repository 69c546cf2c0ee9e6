package dev.rouse.api.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A session that begins with the log of another needs that one. */
class ForkReferencesTest extends ReferencesFixture {

  @Test
  void aForkNeedsItsSourceAndNoAgent() {
    // Given a namespace without the agent
    namespace.withEnvironment("box");
    session.setSpec(forkOf("source"));
    Session source = FakeNamespace.named(new Session(), "source");
    source.setSpec(spec(2));
    namespace.withSession(source);
    // When
    References references = resolve();
    // Then
    assertThat(references)
        .isInstanceOfSatisfying(
            References.Forked.class, it -> assertThat(it.source()).isSameAs(source));
    assertThat(references.backing()).isEmpty();
  }

  @Test
  void aForkOfASessionThatIsNotThereWaitsForIt() {
    // Given
    namespace.withEnvironment("box");
    session.setSpec(forkOf("source"));
    // When
    References references = resolve();
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
    namespace.withEnvironment("box");
    session.setSpec(forkOf("source"));
    Session source = FakeNamespace.named(new Session(), "source");
    source.setSpec(
        new SessionSpec(
            new SessionSpec.AgentRef("writer", null),
            new SessionSpec.EnvironmentRef("box"),
            null,
            Map.of(),
            List.of(),
            null));
    namespace.withSession(source);
    // When
    References references = resolve();
    // Then
    assertThat(references)
        .isInstanceOfSatisfying(
            References.Unresolved.class,
            it -> {
              assertThat(it.reason()).isEqualTo(References.Reason.ForkAgentDiffers);
              assertThat(it.message()).contains("is of Agent writer").contains("says coder");
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
}
