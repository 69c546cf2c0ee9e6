package dev.rouse.api.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.reference.References.Reason;
import dev.rouse.api.reference.References.Unresolved;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;

/** A session in a namespace, and what its references lead to. */
abstract class ReferencesFixture {

  final FakeNamespace namespace = new FakeNamespace();
  final Session session = FakeNamespace.named(new Session(), "s");

  @BeforeEach
  void refer() {
    session.setSpec(spec(null));
  }

  References resolve() {
    return References.resolve(session, namespace);
  }

  static SessionSpec spec(Integer version) {
    return new SessionSpec(
        new SessionSpec.AgentRef("coder", version),
        new SessionSpec.EnvironmentRef("box"),
        null,
        Map.of(),
        List.of(),
        null);
  }

  static void assertUnresolved(References references, Reason reason, String... parts) {
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Unresolved.class))
        .satisfies(it -> {
          assertThat(it.reason()).isEqualTo(reason);
          assertThat(it.message()).contains(parts);
        });
  }
}
