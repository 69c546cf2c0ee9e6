package dev.rouse.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.EnvironmentSpec.Networking;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EnvironmentWireTest {

  private static final EnvironmentSpec BEFORE =
      new EnvironmentSpec(
          "box", "A box.", Map.of("a", "1"), "img", null, null, null, null, true, null, null);

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("{}", "name: is required"),
        Arguments.of("{'name': 'b', 'config': {}}", "config.type: is required"),
        Arguments.of("{'name': 'b', 'config': 'cloud'}", "config: must be an object, is a string"),
        Arguments.of(config("'type': 'self_hosted'"), "config.type: self_hosted is not available"),
        Arguments.of(config("'type': 'x'"), "config.type: must be cloud"),
        Arguments.of(
            config("'type': 'cloud', 'networking': {'type': 'limited', 'allowed_hosts': []}"),
            "config.networking.type: limited is not available yet"),
        Arguments.of(
            config("'type': 'cloud', 'packages': {'pip': ['numpy']}"),
            "config.packages.pip: packages are not available yet"),
        Arguments.of(
            config("'type': 'cloud', 'packages': {'conda': []}"),
            "config.packages.conda: there is no such field"),
        Arguments.of("{'name': 'b', 'scope': 'account'}", "scope: account is not available yet"),
        Arguments.of("{'name': 'b', 'image': 'x'}", "image: there is no such field"));
  }

  private static String config(String fields) {
    return "{'name': 'b', 'config': {" + fields + "}}";
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refused")
  void namesWhatIsWrong(String json, String message) {
    assertThatThrownBy(() -> EnvironmentWire.create(AgentWireTest.body(json)))
        .isInstanceOf(InvalidBody.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aTypeThatChangesHasACodeOfItsOwn() {
    assertThatThrownBy(() ->
            EnvironmentWire.update(
                BEFORE, "o", AgentWireTest.body("{'config': {'type': 'self_hosted'}}")))
        .hasMessageStartingWith("config.type: may not change")
        .asInstanceOf(type(InvalidBody.class))
        .satisfies(it -> assertThat(it.code()).contains("invalid_config_type_change"));
  }

  @Test
  void writesEveryFieldWithItsDefaults() throws Exception {
    assertThat(EnvironmentWire.write(BEFORE, "o"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"name": "box", "description": "A box.", "metadata": {"a": "1"},
                     "scope": "organization",
                     "config": {"type": "cloud", "networking": {"type": "unrestricted"},
                       "packages": {"type": "packages", "apt": [], "cargo": [], "gem": [],
                         "go": [], "npm": [], "pip": []}}}
                    """));
  }

  @Test
  void anUpdateKeepsWhatTheWireDoesNotKnow() throws Exception {
    // When
    EnvironmentSpec after =
        EnvironmentWire.update(
            BEFORE,
            "o",
            AgentWireTest.body(
                "{'name': 'crate', 'description': null, 'metadata': {'a': '', 'b': '2'},"
                    + " 'config': {'packages': null}, 'scope': null}"));
    // Then
    assertThat(after)
        .isEqualTo(
            new EnvironmentSpec(
                "crate", null, Map.of("b", "2"), "img", null, null, null, null, true, null, null));
  }

  @Test
  void anUpdateOpensALimitedOne() throws Exception {
    // Given
    EnvironmentSpec limited =
        new EnvironmentSpec(
            "box",
            null,
            Map.of(),
            null,
            null,
            null,
            new Networking(Networking.Type.limited),
            null,
            null,
            null,
            null);
    // When
    EnvironmentSpec after =
        EnvironmentWire.update(
            limited,
            "o",
            AgentWireTest.body("{'config': {'networking': {'type': 'unrestricted'}}}"));
    // Then
    assertThat(after.isLimited()).isFalse();
  }
}
