package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.AgentSpec.Model;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session may do otherwise than its agent, field by field (contract §1.5, overrides). */
class OverridesTest extends SessionsApiFixture {

  /** An agent that says something in every field. */
  @BeforeEach
  void rich() {
    Agent rich = FakeCluster.agent("rich");
    AgentSpec spec = rich.getSpec();
    rich.setSpec(
        new AgentSpec(
            "Rich",
            "All there is.",
            new Model("claude-test", Model.Effort.low, Model.Speed.standard),
            spec.system(),
            spec.tools(),
            Map.of(),
            null));
    cluster.put(rich);
    agent = WireIds.agent(rich.getMetadata().getUid());
  }

  private Answer with(String fields) {
    return post(
        SESSIONS,
        "{'agent':{'type':'agent_with_overrides','id':'AGENT'"
            + fields
            + "},'environment_id':'ENV'}");
  }

  private JsonNode agentWith(String fields) {
    Answer answer = with(fields);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json().path("agent");
  }

  @Tag("contract-session-agent")
  @Tag("contract-session-overrides")
  @Test
  void whatIsLeftOutIsTheAgents() {
    // When
    JsonNode shown = agentWith("");
    // Then
    assertThat(shown).isEqualTo(create("").json().path("agent"));
    assertThat(shown.at("/model/effort/type").asText()).isEqualTo("low");
  }

  @Tag("contract-session-overrides")
  @ParameterizedTest
  @ValueSource(strings = {"null", "''"})
  void aSystemPromptIsCleared(String nothing) {
    // When
    JsonNode shown = agentWith(",'system':" + nothing);
    // Then
    assertThat(shown.has("system") && shown.path("system").isNull()).isTrue();
    assertThat(shown.path("tools")).hasSize(1);
  }

  @Tag("contract-session-overrides")
  @ParameterizedTest
  @ValueSource(strings = {"null", "[]"})
  void toolsAreCleared(String nothing) {
    // When
    JsonNode shown = agentWith(",'tools':" + nothing);
    // Then
    assertThat(shown.path("tools").isArray()).isTrue();
    assertThat(shown.path("tools")).isEmpty();
    assertThat(shown.path("system").asText()).isEqualTo("Review.");
  }

  @Tag("contract-session-overrides")
  @ParameterizedTest
  @CsvSource({"mcp_servers,null", "mcp_servers,[]", "skills,null", "skills,[]"})
  void whatNoAgentHasCanBeCleared(String field, String nothing) {
    // When
    JsonNode shown = agentWith(",'" + field + "':" + nothing);
    // Then
    assertThat(shown.path(field).isArray()).isTrue();
    assertThat(shown.path(field)).isEmpty();
  }

  @Tag("contract-session-overrides")
  @Test
  void aValueReplacesAndIsNeverMerged() {
    // When
    JsonNode shown =
        agentWith(
            ",'system':'Be brief.','tools':[{'type':'custom','name':'ask','description':'Asks.','input_schema':{'type':'object'}}]");
    // Then
    assertThat(shown.path("system").asText()).isEqualTo("Be brief.");
    assertThat(shown.path("tools")).hasSize(1);
    assertThat(shown.at("/tools/0/type").asText()).isEqualTo("custom");
  }

  @Tag("contract-session-overrides")
  @Test
  void agentAndVersionStillNameTheBase() {
    // When
    Answer answer = with(",'system':'','model':'other'");
    // Then
    JsonNode shown = answer.json().path("agent");
    assertThat(shown.path("id").asText()).isEqualTo(agent);
    assertThat(shown.path("version").asInt()).isEqualTo(3);
    assertThat(shown.path("name").asText()).isEqualTo("Rich");
    assertThat(shown.path("description").asText()).isEqualTo("All there is.");
    String uid = uid(answer.json().path("id").asText());
    assertThat(Objects.requireNonNull(server.state(uid).created()).provider().upstreamModel())
        .isEqualTo("other");
    assertThat(Objects.requireNonNull(cluster.get(uid).getSpec().overrides()).system()).isEmpty();
  }

  @Tag("contract-session-override-model")
  @Test
  void aSessionNeedsAModel() {
    // When
    Answer answer = with(",'model':null");
    // Then
    assertError(answer, 400, "invalid_request_error", "agent.model: ");
    assertThat(answer.json().at("/error/details/error_code").asText())
        .isEqualTo("agent_model_required");
    assertThat(cluster.sessions()).isEmpty();
  }

  @Tag("contract-session-override-model")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'other'",
        "'claude-test'",
        "{'id':'other','effort':'max'}",
        "{'id':'claude-test','effort':{'type':'max'}}",
      })
  void aModelRunsAtItsDefaultEffortWhateverIsAskedFor(String model) {
    // When
    JsonNode shown = agentWith(",'model':" + model);
    // Then
    assertThat(shown.at("/model/id").asText())
        .isEqualTo(model.contains("other") ? "other" : "claude-test");
    assertThat(shown.at("/model/effort/type").asText()).as("not the agent's low").isEqualTo("high");
    assertThat(shown.path("model").has("inference_geo")).as("no pin is left").isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'model':''|agent.model: must have 1 to 256 characters",
        "'model':{'effort':'low'}|agent.model.id: is required",
        "'model':{'id':'m','effort':'wild'}|agent.model.effort: must be",
        "'model':{'id':'m','inference_geo':'us'}|agent.model.inference_geo: ",
        "'system':7|agent.system: must be a string",
        "'tools':{}|agent.tools: must be an array",
        "'tools':[{'type':'mcp_toolset','mcp_server_name':'x'}]|agent.tools.0.type: MCP servers",
        "'mcp_servers':[{'type':'url','name':'x','url':'https://x.example'}]|agent.mcp_servers: ",
        "'skills':[{'type':'anthropic','skill_id':'pdf'}]|agent.skills: ",
        "'name':'x'|agent.name: there is no such field here",
        "'version':9|no version 9",
      })
  void whatCannotBeIsNamedAndLeavesNothing(String field, String message) {
    // When
    Answer answer = with("," + field);
    // Then
    assertError(answer, 400, "invalid_request_error", message);
    assertThat(cluster.sessions()).isEmpty();
  }

  @Test
  void theAgentItselfStaysAsItIs() {
    // Given
    agentWith(",'system':null,'tools':[],'model':'other'");
    // When
    JsonNode next = create("").json().path("agent");
    // Then
    assertThat(next.path("system").asText()).isEqualTo("Review.");
    assertThat(next.at("/model/id").asText()).isEqualTo("claude-test");
    assertThat(next.path("tools")).hasSize(1);
  }
}
