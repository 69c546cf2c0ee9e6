package dev.rouse.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.AgentSpec.Model;
import dev.rouse.api.AgentSpec.Tool;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an update of an agent leaves, replaces, clears and merges. */
class AgentUpdatesTest {

  /** An update of {@link #before}, and what it changes. */
  static Stream<Arguments> updates() {
    return Stream.of(
        Arguments.of("{}", before()),
        Arguments.of("{'version': 3}", before()),
        Arguments.of("{'execution_identity': null}", before()),
        Arguments.of("{'execution_identity': {'type': 'service_account'}}", before()),
        Arguments.of("{'name': 'object'}", before()),
        Arguments.of("{'description': ''}", with("description", null)),
        Arguments.of("{'description': null}", with("description", null)),
        Arguments.of("{'system': 'Be brief.'}", before()),
        Arguments.of("{'system': null}", with("system", null)),
        Arguments.of("{'model': 'm'}", before()),
        Arguments.of("{'model': {'id': 'm', 'speed': 'standard'}}", before()),
        Arguments.of("{'model': {'id': 'm', 'effort': {'type': 'low'}}}", before()),
        Arguments.of(
            "{'model': {'id': 'm', 'effort': 'max'}}",
            with("model", new Model("m", Model.Effort.max, null))),
        Arguments.of("{'model': 'n'}", with("model", Model.of("n"))),
        Arguments.of("{'tools': [{'type': 'agent_toolset_20260401', 'configs': []}]}", before()),
        Arguments.of(
            "{'tools': [" + AgentWireTest.customs("x") + "]}",
            with(
                "tools",
                List.of(
                    Tool.custom(
                        "x", "d", JsonNodeFactory.instance.objectNode().put("type", "object"))))),
        Arguments.of("{'tools': null}", with("tools", List.of())),
        Arguments.of("{'tools': []}", with("tools", List.of())),
        Arguments.of("{'metadata': {'a': '1'}}", before()),
        Arguments.of("{'metadata': null}", before()),
        Arguments.of(
            "{'metadata': {'a': null, 'c': '3'}}", with("metadata", Map.of("b", "2", "c", "3"))),
        Arguments.of("{'metadata': {'a': ''}}", with("metadata", Map.of("a", "", "b", "2"))));
  }

  private static AgentSpec before() {
    return with("", null);
  }

  private static AgentSpec with(String field, Object value) {
    return new AgentSpec(
        null,
        field.equals("description") ? (String) value : "Reviews.",
        field.equals("model") ? (Model) value : new Model("m", Model.Effort.low, null),
        field.equals("system") ? (String) value : "Be brief.",
        field.equals("tools") ? tools(value) : List.of(Tool.builtIn(null, List.of())),
        field.equals("metadata") ? metadata(value) : Map.of("a", "1", "b", "2"),
        null);
  }

  @SuppressWarnings("unchecked")
  private static List<Tool> tools(Object value) {
    return (List<Tool>) value;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> metadata(Object value) {
    return (Map<String, String>) value;
  }

  @Tag("contract-agent-merge")
  @Tag("contract-agent-model")
  @ParameterizedTest(name = "{0}")
  @MethodSource("updates")
  void mergesAsTheContractSays(String json, AgentSpec after) throws Exception {
    assertThat(AgentWire.update(before(), "object", AgentWireTest.body(json)).spec())
        .isEqualTo(after);
  }

  @Tag("contract-agent-merge")
  @ParameterizedTest
  @MethodSource("badUpdates")
  void refusesAnUpdate(String json, String message) {
    assertThatThrownBy(() -> AgentWire.update(before(), "object", AgentWireTest.body(json)))
        .hasMessageStartingWith(message);
  }

  static Stream<Arguments> badUpdates() {
    return Stream.of(
        Arguments.of("{'version': 0}", "version: must be a whole number from 1"),
        Arguments.of("{'version': '1'}", "version: must be a whole number from 1"),
        Arguments.of("{'version': 1.5}", "version: must be a whole number from 1"),
        Arguments.of("{'name': null}", "name: is required"),
        Arguments.of("{'model': null}", "model: an agent needs a model"),
        Arguments.of("{'id': 'agent_x'}", "id: there is no such field here"),
        Arguments.of(
            "{'metadata': {" + labels(15) + "}}", "metadata: may have at most 16 pairs, has 17"));
  }

  private static String labels(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'k" + i + "': 'v'")
        .collect(Collectors.joining(", "));
  }
}
