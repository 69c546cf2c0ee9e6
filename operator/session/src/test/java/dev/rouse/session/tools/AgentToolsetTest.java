package dev.rouse.session.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AgentToolsetTest {

  @Test
  void offersTheToolsAndInputsOfTheWireContract() {
    // Given
    Map<String, List<String>> contract =
        Map.of(
            "bash", List.of("command?", "restart?", "timeout_ms?"),
            "read", List.of("file_path", "view_range?"),
            "write", List.of("file_path", "content"),
            "edit", List.of("file_path", "old_string", "new_string", "replace_all?"),
            "glob", List.of("pattern", "path?"),
            "grep", List.of("pattern", "path?"));

    // When
    Map<String, List<String>> offered = new TreeMap<>();
    AgentToolset.all().forEach(tool -> offered.put(tool.name(), inputs(tool)));

    // Then
    assertThat(offered).containsExactlyInAnyOrderEntriesOf(contract);
  }

  @Test
  void everyInputAndEveryToolSaysWhatItIsFor() {
    // When
    List<ToolDefinition> tools = AgentToolset.all();

    // Then
    assertThat(tools)
        .allSatisfy(tool -> {
          assertThat(tool.description()).endsWith(".").doesNotContain("\n").hasSizeLessThan(1100);
          assertThat(tool.inputSchema().path("type").asText()).isEqualTo("object");
          assertThat(tool.inputSchema().path("properties"))
              .allSatisfy(input -> assertThat(input.path("description").asText()).endsWith("."));
        });
  }

  @Test
  void findsByNameAndKeepsTheOrder() {
    // When
    List<String> names = List.copyOf(AgentToolset.names());

    // Then
    assertThat(names).containsExactly("bash", "read", "write", "edit", "glob", "grep");
    assertThat(AgentToolset.find("grep")).map(ToolDefinition::name).contains("grep");
    assertThat(AgentToolset.find("web_fetch")).isEmpty();
  }

  private static List<String> inputs(ToolDefinition tool) {
    List<String> required = new ArrayList<>();
    for (JsonNode name : tool.inputSchema().path("required")) {
      required.add(name.asText());
    }
    List<String> inputs = new ArrayList<>();
    tool.inputSchema()
        .path("properties")
        .fieldNames()
        .forEachRemaining(name -> inputs.add(required.contains(name) ? name : name + "?"));
    return inputs;
  }
}
