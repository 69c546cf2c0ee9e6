package dev.rouse.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.WireIds;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AgentSnapshotsTest {

  private static final String UID = "0e6ab2a3-6a1b-4f0e-9d51-1f6e0c7f6b11";

  private static AgentSnapshot snapshot(String yaml) {
    Agent agent = new Agent();
    agent.setMetadata(new ObjectMetaBuilder().withName("reviewer").withUid(UID).build());
    AgentSpec spec = Serialization.unmarshal(yaml, AgentSpec.class);
    return AgentSnapshots.of(agent, new AgentVersion(7, spec));
  }

  @Tag("contract-session-object")
  @Test
  void resolvesEveryDefault() {
    // Given
    String yaml =
        """
        description: Reviews.
        model: {id: claude-x}
        system: Be kind.
        tools:
        - type: agent_toolset_20260401
          defaultConfig: {enabled: false}
          configs: [{name: bash, enabled: true}, {name: read}]
        """;
    // When
    JsonNode json = EventCodec.JSON.valueToTree(snapshot(yaml));
    // Then
    assertThat(json.path("id").asText()).isEqualTo(WireIds.agent(UID));
    assertThat(json.path("version").asInt()).isEqualTo(7);
    assertThat(json.path("name").asText()).as("the object's own name").isEqualTo("reviewer");
    assertThat(json.path("description").asText()).isEqualTo("Reviews.");
    assertThat(json.path("system").asText()).isEqualTo("Be kind.");
    assertThat(json.at("/model/id").asText()).isEqualTo("claude-x");
    JsonNode tool = json.at("/tools/0");
    assertThat(tool.path("type").asText()).isEqualTo("agent_toolset_20260401");
    assertThat(tool.at("/default_config/enabled").asBoolean(true)).isFalse();
    assertThat(tool.at("/default_config/permission_policy/type").asText())
        .isEqualTo("always_allow");
    assertThat(tool.at("/configs/0/name").asText()).isEqualTo("bash");
    assertThat(tool.at("/configs/0/type").asText()).isEqualTo("bash");
    assertThat(tool.at("/configs/0/enabled").asBoolean()).isTrue();
    assertThat(tool.at("/configs/1/enabled").asBoolean(true)).as("as the default says").isFalse();
  }

  @Test
  void toolsAreOnUnlessSwitchedOff() {
    JsonNode json =
        EventCodec.JSON.valueToTree(
            snapshot(
                """
                displayName: Reviewer
                model: {id: m}
                tools: [{type: agent_toolset_20260401}]
                """));
    assertThat(json.path("name").asText()).isEqualTo("Reviewer");
    assertThat(json.at("/tools/0/default_config/enabled").asBoolean()).isTrue();
    assertThat(json.at("/tools/0/configs").isArray()).isTrue();
  }

  @Test
  void handsOnWhatTheAuthorSaidOfTheModelAndOfCustomTools() {
    // Given
    String yaml =
        """
        model: {id: m, effort: max}
        tools:
        - type: custom
          name: look_up
          description: Looks up.
          inputSchema: {type: object, properties: {n: {type: number}}}
        - type: agent_toolset_20260401
          defaultConfig: {permissionPolicy: {type: always_ask}}
        """;
    // When
    JsonNode json = EventCodec.JSON.valueToTree(snapshot(yaml));
    JsonNode plain = EventCodec.JSON.valueToTree(snapshot("model: {id: m}"));
    // Then
    assertThat(json.at("/model/effort/type").asText()).isEqualTo("max");
    assertThat(plain.path("model").size()).as("nothing that nobody said").isEqualTo(1);
    assertThat(json.at("/tools/0/input_schema/properties/n/type").asText()).isEqualTo("number");
    assertThat(json.at("/tools/1/default_config/permission_policy/type").asText())
        .isEqualTo("always_ask");
  }

  @Tag("contract-session-snapshot")
  @Test
  void survivesTheLog() throws Exception {
    // Given
    AgentSnapshot snapshot = snapshot("model: {id: m}");
    // When
    AgentSnapshot read =
        EventCodec.JSON.readValue(
            EventCodec.JSON.writeValueAsString(snapshot), AgentSnapshot.class);
    // Then
    assertThat(read).isEqualTo(snapshot);
  }
}
