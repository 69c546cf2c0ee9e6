package dev.rouse.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.AgentSpec.Config;
import dev.rouse.api.AgentSpec.DefaultConfig;
import dev.rouse.api.AgentSpec.Model;
import dev.rouse.api.AgentSpec.Tool;
import dev.rouse.api.AgentSpec.ToolName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentWireTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Single quotes stand for double ones. */
  static Body body(String json) throws InvalidBody {
    return Body.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode json(String text) throws Exception {
    return JSON.readTree(text.replace('\'', '"'));
  }

  /** What is wrong, and how the message begins. */
  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("[]", "body: must be an object, is an array"),
        Arguments.of("{'name': 'a', 'model': 'm'} x", "body: not JSON"),
        Arguments.of("[".repeat(5_000), "body: nested too deeply"),
        Arguments.of(
            "{'name': 'a', 'name': 'b', 'model': 'm'}",
            "body: not JSON at line 1, column 21: Duplicate"),
        Arguments.of("{'model': 'm'}", "name: is required"),
        Arguments.of("{'name': 'a'}", "model: is required"),
        Arguments.of("{'name': 7, 'model': 'm'}", "name: must be a string, is a number"),
        Arguments.of("{'name': 'a', 'model': 7}", "model: must be a string or an object"),
        Arguments.of("{'name': 'a', 'model': {}}", "model.id: is required"),
        Arguments.of(agent("'sytem': 'x'"), "sytem: there is no such field here"),
        Arguments.of(agent("'system': []"), "system: must be a string, is an array"),
        Arguments.of(model("'effort': 'huge'"), "model.effort: must be low or medium"),
        Arguments.of(model("'effort': {'type': 'huge'}"), "model.effort.type: must be low"),
        Arguments.of(model("'effort': {}"), "model.effort.type: is required"),
        Arguments.of(model("'effort': 3"), "model.effort: must be a string or an object"),
        Arguments.of(model("'speed': 'fast'"), "model.speed: the speed fast is not available yet"),
        Arguments.of(model("'speed': 'slow'"), "model.speed: must be standard, is \"slow\""),
        Arguments.of(
            model("'inference_geo': 'us'"), "model.inference_geo: the choice of a place is not"),
        Arguments.of(
            model("'inference_geo': []"), "model.inference_geo: the choice of a place is not"),
        Arguments.of(model("'temperature': 1"), "model.temperature: there is no such field"),
        Arguments.of(
            agent("'mcp_servers': [{}]"), "mcp_servers: MCP servers and their toolsets are"),
        Arguments.of(
            agent("'skills': [{}]"),
            "skills: skills are not available yet: put instructions into the agent's system prompt"
                + " (docs/compatibility.md#skills)"),
        Arguments.of(agent("'multiagent': {}"), "multiagent: rosters, child threads and workflow"),
        Arguments.of(
            agent("'execution_identity': {'type': 'aws_role', 'role_arn': 'x'}"),
            "execution_identity.type: execution identities of AWS are not available yet"),
        Arguments.of(
            agent("'execution_identity': {'type': 'x'}"),
            "execution_identity.type: must be service_account, is \"x\""),
        Arguments.of(agent("'metadata': {'a': 1}"), "metadata.a: must be a string, is a number"),
        Arguments.of(agent("'tools': {}"), "tools: must be an array, is an object"),
        Arguments.of(agent("'tools': ['bash']"), "tools.0: must be an object, is a string"),
        Arguments.of(tool("'name': 'x'"), "tools.0.type: is required"),
        Arguments.of(tool("'type': 'mcp_toolset'"), "tools.0.type: MCP servers and their"),
        Arguments.of(tool("'type': 'x'"), "tools.0.type: must be agent_toolset_20260401 or custom"),
        Arguments.of(
            agent(
                "'tools': [{'type': 'agent_toolset_20260401'}, {'type': 'agent_toolset_20260401'}]"),
            "tools.1.type: agent_toolset_20260401 may be there once"),
        Arguments.of(toolset("'name': 'x'"), "tools.0.name: there is no such field"),
        Arguments.of(toolset("'default_config': []"), "tools.0.default_config: must be an object"),
        Arguments.of(
            toolset("'default_config': {'enabled': 'yes'}"),
            "tools.0.default_config.enabled: must be a boolean, is a string"),
        Arguments.of(
            toolset("'default_config': {'permission_policy': {}}"),
            "tools.0.default_config.permission_policy.type: is required"),
        Arguments.of(
            toolset("'configs': [{'name': 'bash', 'permission_policy': {'type': 'never'}}]"),
            "tools.0.configs.0.permission_policy.type: must be always_allow or always_ask or auto"),
        Arguments.of(
            toolset("'configs': [{'name': 'web_fetch'}]"),
            "tools.0.configs.0.name: the tool web_fetch is not available yet: "),
        Arguments.of(
            toolset("'configs': [{'name': 'web_search', 'enabled': true}]"),
            "tools.0.configs.0.enabled: the tool web_search is not available yet: "),
        Arguments.of(
            toolset(
                "'configs': [{'name': 'web_fetch', 'enabled': false, 'allowed_domains': ['a.b']}]"),
            "tools.0.configs.0.allowed_domains: the tool web_fetch is not available yet: "),
        Arguments.of(toolset("'configs': [{'name': 'x'}]"), "tools.0.configs.0.name: must be bash"),
        Arguments.of(
            toolset("'configs': [{'name': 'bash', 'type': 'read'}]"),
            "tools.0.configs.0.type: must be the same as name"),
        Arguments.of(
            toolset("'configs': [{'name': 'bash'}, {'name': 'bash'}]"),
            "tools.0.configs.1.name: there is another entry for bash"),
        Arguments.of(custom("bash", "{'type': 'object'}"), "tools.0.name: bash is a built-in"),
        Arguments.of(custom("web_search", "{'type': 'object'}"), "tools.0.name: web_search is a"),
        Arguments.of(custom("mcp__x", "{'type': 'object'}"), "tools.0.name: may not begin"),
        Arguments.of(custom("a b", "{'type': 'object'}"), "tools.0.name: may hold letters"),
        Arguments.of(
            tool("'type': 'custom', 'name': 'x', 'description': 'd'"),
            "tools.0.input_schema: is required"),
        Arguments.of(
            tool("'type': 'custom', 'name': 'x', 'input_schema': {'type': 'object'}"),
            "tools.0.description: is required"),
        Arguments.of(custom("x", "{}"), "tools.0.input_schema.type: is required"),
        Arguments.of(custom("x", "{'type': 'array'}"), "tools.0.input_schema.type: must be object"),
        Arguments.of(
            custom("x", "{'type': 'object', 'oneOf': []}"),
            "tools.0.input_schema.oneOf: is not allowed at the top"),
        Arguments.of(
            custom("x", "{'type': 'object', 'properties': {'a b': {}}}"),
            "tools.0.input_schema.properties.a b: a property's name"),
        Arguments.of(
            custom("x", "{'type': 'object', 'properties': {'a': {'items': {'$ref': '#'}}}}"),
            "tools.0.input_schema.properties.a.items.$ref: references are not allowed"),
        Arguments.of(
            custom("x", "{'type': 'object', 'required': [1]}"),
            "tools.0.input_schema.required.0: must be a string, is a number"),
        Arguments.of(
            custom("x", "{'type': 'object', 'not': " + nested(100) + "}"),
            "tools.0.input_schema.not"),
        Arguments.of(
            agent("'tools': [" + customs("x", "x") + "]"),
            "tools.1.name: there is another custom tool of the name x"),
        Arguments.of(
            agent(
                "'tools': [{'type': 'agent_toolset_20260401'}, "
                    + customs(IntStream.range(0, 251).mapToObj(i -> "t" + i).toArray(String[]::new))
                    + "]"),
            "tools: an agent may have at most 256 tools, the built-in ones counted; these are 257"));
  }

  private static String agent(String more) {
    return "{'name': 'a', 'model': 'm', " + more + "}";
  }

  private static String model(String more) {
    return "{'name': 'a', 'model': {'id': 'm', " + more + "}}";
  }

  private static String tool(String fields) {
    return agent("'tools': [{" + fields + "}]");
  }

  private static String toolset(String more) {
    return tool("'type': 'agent_toolset_20260401', " + more);
  }

  private static String custom(String name, String schema) {
    return tool(
        "'type': 'custom', 'name': '%s', 'description': 'd', 'input_schema': %s"
            .formatted(name, schema));
  }

  static String customs(String... names) {
    return Stream.of(names)
        .map(
            "{'type': 'custom', 'name': '%s', 'description': 'd', 'input_schema': {'type': 'object'}}"
                ::formatted)
        .collect(Collectors.joining(", "));
  }

  private static String nested(int depth) {
    return "{'not': ".repeat(depth) + "{}" + "}".repeat(depth);
  }

  @Tag("contract-agent-model")
  @Tag("contract-agent-tools")
  @Tag("contract-error-path")
  @ParameterizedTest(name = "{1}")
  @MethodSource("refused")
  void namesWhatIsWrong(String json, String message) {
    assertThatThrownBy(() -> AgentWire.create(body(json)))
        .isInstanceOf(InvalidBody.class)
        .hasMessageStartingWith(message);
  }

  /** What the contract allows and what is not available, in the form that asks for nothing. */
  static Stream<String> harmless() {
    return Stream.of(
        "'mcp_servers': [], 'skills': null, 'multiagent': null",
        "'execution_identity': {'type': 'service_account'}",
        "'execution_identity': null",
        "'description': null, 'system': '', 'tools': null, 'metadata': null",
        "'tools': []");
  }

  @Tag("contract-agent-identity")
  @ParameterizedTest
  @MethodSource("harmless")
  void emptyFormsSayNothing(String fields) throws Exception {
    assertThat(AgentWire.create(body(agent(fields))))
        .isEqualTo(new AgentSpec("a", null, Model.of("m"), null, List.of(), Map.of(), null));
  }

  @Test
  void dataInASchemaIsNoSchema() throws Exception {
    // Given
    String schema =
        "{'type': 'object', 'properties': {'$x': {'enum': [{'$ref': 1}]}}}".replace("$x", "x");
    // When
    AgentSpec spec = AgentWire.create(body(custom("x", schema)));
    // Then
    assertThat(spec.tools().getFirst().inputSchema()).isEqualTo(json(schema));
  }

  @Tag("contract-agent-object")
  @Tag("contract-agent-policies")
  @Tag("contract-agent-web")
  @Test
  void writesEveryFieldWithItsDefaults() throws Exception {
    // Given
    AgentSpec spec =
        AgentWire.create(
            body(
                "{'name': 'a', 'model': 'm', 'tools': [{'type': 'agent_toolset_20260401',"
                    + " 'default_config': {'permission_policy': {'type': 'always_ask'}},"
                    + " 'configs': [{'name': 'bash', 'enabled': false}]}]}"));
    // When
    JsonNode json = AgentWire.write(spec, "object");
    // Then
    assertThat(json)
        .isEqualTo(
            json(
                """
                {'name': 'a', 'description': null, 'system': null, 'metadata': {},
                 'model': {'id': 'm', 'effort': {'type': 'high'}, 'speed': 'standard'},
                 'tools': [{'type': 'agent_toolset_20260401',
                   'default_config': {'enabled': true, 'permission_policy': {'type': 'always_ask'}},
                   'configs': [{'name': 'bash', 'type': 'bash', 'enabled': false,
                     'permission_policy': {'type': 'always_ask'}},
                     {'name': 'web_fetch', 'type': 'web_fetch', 'enabled': false,
                      'permission_policy': {'type': 'always_ask'}, 'url_sources': null},
                     {'name': 'web_search', 'type': 'web_search', 'enabled': false,
                      'permission_policy': {'type': 'always_ask'}}]}],
                 'mcp_servers': [], 'skills': [], 'multiagent': null,
                 'execution_identity': {'type': 'service_account'}}
                """));
  }

  @Tag("contract-agent-web")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'configs': [{'name': 'web_fetch', 'enabled': false, 'url_sources': null}]",
        "'configs': [{'name': 'web_search', 'enabled': false, 'user_location': null}]",
        "'default_config': {'enabled': false}, 'configs': [{'name': 'web_search'}]"
      })
  void aWebToolMayBeNamedToBeOff(String fields) throws Exception {
    // When
    AgentSpec spec = AgentWire.create(body(toolset(fields)));
    // Then
    assertThat(spec.tools().getFirst().configs()).isEmpty();
    assertThat(AgentTools.absent(spec.tools(), "spec.tools")).isEmpty();
  }

  @Test
  void anObjectThatEnablesAWebToolNamesItAndThePage() {
    // Given
    Tool tool =
        Tool.builtIn(
            new DefaultConfig(false, null),
            List.of(
                new Config(ToolName.web_search, null, null),
                new Config(ToolName.web_fetch, true, null)));
    // When
    Optional<String> absent = AgentTools.absent(List.of(tool), "spec.tools");
    // Then
    assertThat(absent.orElseThrow())
        .startsWith("spec.tools[0].configs[1].name: the tool web_fetch is not available yet: ")
        .endsWith(" (docs/compatibility.md#web-fetch)");
    assertThat(AgentTools.fault(List.of(tool), "spec.tools")).isEqualTo(absent);
  }

  @Tag("contract-agent-auto")
  @Test
  void theThreePoliciesAreWrittenAsTheyWereRead() throws Exception {
    // Given
    String tools =
        """
        [{'type': 'agent_toolset_20260401',
          'default_config': {'enabled': true, 'permission_policy': {'type': 'auto'}},
          'configs': [
            {'name': 'read', 'type': 'read', 'enabled': true,
             'permission_policy': {'type': 'always_allow'}},
            {'name': 'bash', 'type': 'bash', 'enabled': true,
             'permission_policy': {'type': 'always_ask'}}]}]
        """;
    // When
    AgentSpec spec = AgentWire.create(body("{'name': 'a', 'model': 'm', 'tools': " + tools + "}"));
    // Then
    JsonNode asked = json(tools).path(0);
    JsonNode written = AgentWire.write(spec, "object").path("tools").path(0);
    assertThat(written.path("default_config")).isEqualTo(asked.path("default_config"));
    assertThat(written.path("configs")).containsAll(asked.path("configs"));
    assertThat(spec.tools().getFirst().configs()).hasSize(2);
  }
}
