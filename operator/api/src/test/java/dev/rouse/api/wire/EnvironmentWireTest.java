package dev.rouse.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.EnvironmentSpec.Networking;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentWireTest {

  private static final Networking OPEN = new Networking(Networking.Type.unrestricted);
  private static final Networking CLOSED = new Networking(Networking.Type.limited);
  private static final EnvironmentSpec BEFORE = described(OPEN);

  private static EnvironmentSpec described(Networking networking) {
    return new EnvironmentSpec(
        "box",
        "A box.",
        Map.of("a", "1"),
        null,
        "img",
        null,
        null,
        networking,
        null,
        true,
        null,
        null);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("{}", "name: is required"),
        Arguments.of("{'name': 'b', 'config': {}}", "config.type: is required"),
        Arguments.of("{'name': 'b', 'config': 'cloud'}", "config: must be an object, is a string"),
        Arguments.of(config("'type': 'x'"), "config.type: must be cloud or self_hosted, is \"x\""),
        Arguments.of(
            config("'type': 'self_hosted', 'networking': {'type': 'limited'}"),
            "config.networking: is for config.type cloud"),
        Arguments.of(
            config("'type': 'self_hosted', 'packages': {}"),
            "config.packages: is for config.type cloud"),
        Arguments.of(
            config("'type': 'cloud', 'networking': {'type': 'closed'}"),
            "config.networking.type: must be unrestricted or limited, is \"closed\""),
        Arguments.of(
            config(
                "'type': 'cloud', 'networking': {'type': 'limited', 'allowed_hosts': ['a.example']}"),
            "config.networking.allowed_hosts: opening networking host by host is not"),
        Arguments.of(
            config("'type': 'cloud', 'networking': {'type': 'limited', 'allow_mcp_servers': true}"),
            "config.networking.allow_mcp_servers: MCP servers and their toolsets are not"),
        Arguments.of(
            config(
                "'type': 'cloud', 'networking': {'type': 'limited', 'allow_package_managers': true}"),
            "config.networking.allow_package_managers: opening networking host by host is not"),
        Arguments.of(
            config("'type': 'cloud', 'networking': {'type': 'unrestricted', 'allowed_hosts': []}"),
            "config.networking.allowed_hosts: there is no such field"),
        Arguments.of(
            config("'type': 'cloud', 'packages': {'pip': ['numpy']}"),
            "config.packages.pip: packages of environments are not available yet"),
        Arguments.of(
            config("'type': 'cloud', 'packages': {'conda': []}"),
            "config.packages.conda: there is no such field"),
        Arguments.of(
            "{'name': 'b', 'scope': 'account'}", "scope: the scope account is not available yet"),
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

  @Tag("contract-env-type")
  @Test
  void aTypeThatChangesHasACodeOfItsOwn() {
    assertThatThrownBy(() ->
            EnvironmentWire.update(
                BEFORE, "o", AgentWireTest.body("{'config': {'type': 'self_hosted'}}")))
        .hasMessageStartingWith("config.type: may not change")
        .asInstanceOf(type(InvalidBody.class))
        .satisfies(it -> assertThat(it.code()).contains("invalid_config_type_change"));
  }

  @Tag("contract-env-object")
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

  /** Networking is one that neither a new environment nor an object without a word of it has. */
  @Tag("contract-env-merge")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'description': 'A box.', 'config': null}",
        "{'config': {}}",
        "{'config': {'type': 'cloud'}}",
        "{'config': {'networking': null}}",
        "{'config': {'packages': null}}",
        "{'config': {'type': null, 'networking': null, 'packages': null}}"
      })
  void whatAnUpdateLeavesOutOrNullsStays(String json) throws Exception {
    // Given
    EnvironmentSpec before = described(CLOSED);
    // When
    EnvironmentSpec after = EnvironmentWire.update(before, "o", AgentWireTest.body(json));
    // Then
    assertThat(after).isEqualTo(before);
  }

  @Tag("contract-env-merge")
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
                "crate",
                null,
                Map.of("b", "2"),
                null,
                "img",
                null,
                null,
                OPEN,
                null,
                true,
                null,
                null));
  }

  @Tag("contract-env-default")
  @ParameterizedTest
  @ValueSource(strings = {"{'name': 'b'}", "{'name': 'b', 'config': {'type': 'cloud'}}"})
  void whatAClientDoesNotCloseIsOpenAndSaysSoInTheObject(String json) throws Exception {
    // When
    EnvironmentSpec created = EnvironmentWire.create(AgentWireTest.body(json));
    // Then
    assertThat(created.networking()).isEqualTo(OPEN);
  }

  @Tag("contract-env-limited")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type': 'limited'}",
        "{'type': 'limited', 'allowed_hosts': [], 'allow_mcp_servers': false,"
            + " 'allow_package_managers': null}"
      })
  void withoutHostsALimitedOneIsClosed(String networking) throws Exception {
    // When
    EnvironmentSpec created =
        EnvironmentWire.create(
            AgentWireTest.body(config("'type': 'cloud', 'networking': " + networking)));
    // Then
    assertThat(created.networking()).isEqualTo(CLOSED);
  }

  @Tag("contract-env-self-hosted")
  @Test
  void aSelfHostedOneHasATypeAndNothingElse() throws Exception {
    // When
    EnvironmentSpec created =
        EnvironmentWire.create(AgentWireTest.body(config("'type': 'self_hosted'")));
    // Then
    assertThat(created.selfHosted()).isTrue();
    assertThat(created.networking()).isNull();
    assertThat(EnvironmentWire.write(created, "o").path("config"))
        .isEqualTo(new ObjectMapper().readTree("{\"type\": \"self_hosted\"}"));
    EnvironmentSpec updated =
        EnvironmentWire.update(
            created, "o", AgentWireTest.body("{'name': 'c', 'config': {'type': 'self_hosted'}}"));
    assertThat(updated.selfHosted()).isTrue();
    assertThat(updated.closed().selfHosted()).isTrue();
  }

  @Tag("contract-env-type")
  @Test
  void aSelfHostedOneDoesNotBecomeACloudOne() throws Exception {
    // Given
    EnvironmentSpec created =
        EnvironmentWire.create(AgentWireTest.body(config("'type': 'self_hosted'")));
    // When
    // Then
    assertThatThrownBy(() ->
            EnvironmentWire.update(
                created, "o", AgentWireTest.body("{'config': {'type': 'cloud'}}")))
        .asInstanceOf(type(InvalidBody.class))
        .satisfies(it -> assertThat(it.code()).contains("invalid_config_type_change"));
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of(null, "unrestricted", OPEN),
        Arguments.of(null, "limited", null),
        Arguments.of(CLOSED, "unrestricted", OPEN),
        Arguments.of(CLOSED, "limited", CLOSED),
        Arguments.of(OPEN, "limited", CLOSED),
        Arguments.of(OPEN, "unrestricted", OPEN));
  }

  @Tag("contract-env-merge")
  @ParameterizedTest(name = "{0} to {1}")
  @MethodSource("changes")
  void anUpdateOpensAndCloses(Networking before, String wanted, Networking after) throws Exception {
    // Given
    EnvironmentSpec spec = box(before);
    // When
    EnvironmentSpec updated =
        EnvironmentWire.update(
            spec,
            "o",
            AgentWireTest.body("{'config': {'networking': {'type': '%s'}}}".formatted(wanted)));
    // Then
    assertThat(updated).isEqualTo(box(after));
  }

  private static EnvironmentSpec box(Networking networking) {
    return new EnvironmentSpec(
        "box", null, Map.of(), null, null, null, null, networking, null, null, null, null);
  }
}
