package dev.rouse.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.session.tools.AgentToolset;
import dev.rouse.session.tools.ToolDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wire's tool entries, and what they make of a call. */
class ToolboxTest {

  private static Toolbox toolbox(String json) {
    try {
      List<JsonNode> tools = new ArrayList<>();
      new ObjectMapper().readTree(json).forEach(tools::add);
      return Toolbox.of(tools, AgentToolset.all());
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static List<String> names(Toolbox toolbox) {
    return toolbox.specs().stream().map(ToolDefinition::name).toList();
  }

  @Test
  void withoutAToolsetThereAreNoTools() {
    assertThat(names(toolbox("[]"))).isEmpty();
  }

  @Test
  void aToolsetEnablesAllThatTheHandsHave() {
    assertThat(names(toolbox("[{\"type\":\"agent_toolset_20260401\"}]")))
        .containsExactlyElementsOf(AgentToolset.names());
  }

  @Test
  void aToolsetThatIsOffIsAnAllowList() {
    assertThat(
            names(
                toolbox(
                    """
                    [{"type":"agent_toolset_20260401","default_config":{"enabled":false},
                      "configs":[{"name":"read","enabled":true},
                                 {"name":"web_search","enabled":true}]},
                     {"type":"mcp_toolset","mcp_server_name":"tracker"},
                     {"type":"custom","name":"deploy","description":"Deploys.",
                      "input_schema":{"type":"object"}}]
                    """)))
        .containsExactly("read", "deploy");
  }

  @Tag("contract-agent-policies")
  @ParameterizedTest
  @CsvSource({
    "always_allow,always_ask,ALWAYS_ASK",
    "always_ask,always_allow,ALWAYS_ALLOW",
    "always_allow,auto,AUTO",
    "always_allow,something_newer,ALWAYS_ASK"
  })
  void aToolsOwnPolicyWinsAndWhatIsNotKnownAsks(
      String inherited, String own, Toolbox.Policy policy) {
    // When
    Toolbox toolbox =
        toolbox(
            """
            [{"type":"agent_toolset_20260401",
              "default_config":{"permission_policy":{"type":"%s"}},
              "configs":[{"name":"bash","permission_policy":{"type":"%s"}}]}]
            """
                .formatted(inherited, own));

    // Then
    assertThat(toolbox.kind("bash")).contains(new Toolbox.Kind.BuiltIn(policy));
  }
}
