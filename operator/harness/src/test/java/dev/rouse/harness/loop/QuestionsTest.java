package dev.rouse.harness.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.FakeSession;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.Toolbox;
import dev.rouse.session.EventCodec;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.tools.AgentToolset;
import dev.rouse.session.tools.ToolDefinition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a session's record 0, and of later updates, becomes of a request. */
class QuestionsTest {

  @ParameterizedTest
  @CsvSource({
    "'{\"id\":\"m\"}',",
    "'{\"id\":\"m\",\"effort\":null}',",
    "'{\"id\":\"m\",\"effort\":\"high\"}',high",
    "'{\"id\":\"m\",\"effort\":{\"type\":\"max\"}}',max"
  })
  void theEffortIsTakenInBothFormsAndOnlyIfItIsSet(String model, String effort) throws Exception {
    // Given
    FakeSession session =
        new FakeSession(Bench.ALL_TOOLS, EventCodec.JSON.readValue(model, ObjectNode.class));

    // When
    ModelRequest request = new Questions(AgentToolset.all()).request(session.state());

    // Then
    assertThat(request.effort()).isEqualTo(effort);
    assertThat(request.model()).isEqualTo("claude-upstream");
    assertThat(request.maxTokens()).isEqualTo(1000);
  }

  @Tag("contract-session-update-agent")
  @Test
  void anUpdatedAgentIsInForceFromTheNextRequestOn() throws Exception {
    // Given
    FakeSession session = new FakeSession(Bench.ALL_TOOLS);
    Questions questions = new Questions(AgentToolset.all());
    ModelRequest before = questions.request(session.state());

    // When
    session.raw(
        new SessionEvent.Updated(
            "sevt_u",
            EventCodec.JSON.readTree(
                """
                {"type":"agent","id":"agent_1","version":1,"name":"coder","description":null,
                 "model":{"id":"claude","effort":{"type":"low"}},"system":"Be long.",
                 "tools":[{"type":"agent_toolset_20260401","default_config":{"enabled":false},
                           "configs":[{"name":"bash","enabled":true}]},
                          {"type":"custom","name":"deploy","description":"Deploys.",
                           "input_schema":{"type":"object"}}],
                 "mcp_servers":[],"skills":[],"multiagent":null}
                """),
            null,
            null,
            null));
    ModelRequest after = questions.request(session.state());

    // Then: what is offered, and what a call then means.
    assertThat(before.tools()).hasSameSizeAs(AgentToolset.all());
    assertThat(after.tools()).extracting(ToolDefinition::name).containsExactly("bash", "deploy");
    assertThat(after.system()).isEqualTo("Be long.");
    assertThat(after.effort()).isEqualTo("low");
    assertThat(after.model()).isEqualTo(before.model());
    assertThat(questions.toolbox(session.state()).kind("read")).isEmpty();
    assertThat(questions.toolbox(session.state()).kind("deploy"))
        .contains(new Toolbox.Kind.Custom());
  }
}
