package dev.rouse.harness.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.FakeSession;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.EventCodec;
import dev.rouse.session.tools.AgentToolset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a session's record 0 becomes of a request. */
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
}
