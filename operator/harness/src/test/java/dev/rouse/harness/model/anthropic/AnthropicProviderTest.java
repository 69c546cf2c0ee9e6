package dev.rouse.harness.model.anthropic;

import static dev.rouse.harness.fake.AnthropicWire.START;
import static dev.rouse.harness.fake.AnthropicWire.STOP;
import static dev.rouse.harness.fake.AnthropicWire.TEXT;
import static dev.rouse.harness.fake.AnthropicWire.block;
import static dev.rouse.harness.fake.AnthropicWire.end;
import static dev.rouse.harness.fake.AnthropicWire.json;
import static dev.rouse.harness.fake.AnthropicWire.stopped;
import static dev.rouse.harness.fake.AnthropicWire.text;
import static dev.rouse.harness.fake.AnthropicWire.toolUse;
import static dev.rouse.harness.fake.ModelHttp.cut;
import static dev.rouse.harness.fake.ModelHttp.stream;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.harness.fake.AnthropicWire;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.stream.ProviderContractTest;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.ModelUsage;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Messages protocol over real HTTP. */
class AnthropicProviderTest extends ProviderContractTest {

  AnthropicProviderTest() {
    super(new AnthropicWire());
  }

  @Test
  void textThinkingAndCallsAreReadFromAStream() throws Exception {
    // Given
    http.replies(
        stream(
            START,
            "{\"type\":\"ping\"}",
            block(0, "{\"type\":\"thinking\",\"thinking\":\"\"}"),
            end(0),
            block(1, TEXT),
            end(1),
            block(2, TEXT),
            text(2, "Hel"),
            "{\"type\":\"something_new\",\"x\":1}",
            text(2, "lo ü"),
            end(2),
            block(3, toolUse("bash")),
            json(3, "{\"comm"),
            json(3, "and\":\"ls\"}"),
            end(3),
            block(4, toolUse("bash")),
            end(4),
            stopped("tool_use"),
            STOP));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.thought()).isTrue();
    assertThat(answer.content()).containsExactly(ContentBlock.text("Hello ü"));
    assertThat(answer.calls()).extracting(ModelAnswer.Call::fault).containsOnlyNulls();
    assertThat(answer.calls())
        .extracting(call -> call.input().toString())
        .containsExactly("{\"command\":\"ls\"}", "{}");
    assertThat(answer.stop()).isEqualTo(ModelAnswer.Stop.TOOL_USE);
    assertThat(answer.usage()).isEqualTo(new ModelUsage(12, 30, 3, 4, Map.of()));
    // The empty block has no place among the blocks of the answer.
    assertThat(heard.said).containsExactly("thinking", "0:Hel", "0:lo ü");
  }

  @Test
  void theRequestIsWhatTheProtocolAsksFor() throws Exception {
    // Given
    http.replies(stream(new AnthropicWire().says("hi")));

    // When
    ask();

    // Then
    JsonNode body = body(0);
    assertThat(http.paths).containsExactly("/v1/messages");
    assertThat(body.path("model").asText()).isEqualTo("model-x");
    assertThat(body.path("max_tokens").asInt()).isEqualTo(500);
    assertThat(body.path("stream").asBoolean()).isTrue();
    assertThat(body.has("output_config")).isFalse();
    assertThat(body.path("tools")).hasSize(6);
    assertThat(body.at("/system/0/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(body.at("/tools/5/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(body.at("/messages/0/content/0/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(body.toString().split("cache_control")).hasSize(4);
    assertThat(http.headers.getFirst().get("X-api-key")).containsExactly(KEY);
    assertThat(http.headers.getFirst().get("Anthropic-version")).containsExactly("2023-06-01");
  }

  @ParameterizedTest
  @CsvSource({"low", "max"})
  void anEffortIsPassedOn(String effort) throws Exception {
    // Given
    http.replies(stream(new AnthropicWire().says("hi")));

    // When
    provider.stream(request(effort), heard);

    // Then
    assertThat(body(0).at("/output_config/effort").asText()).isEqualTo(effort);
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn,END_TURN",
    "stop_sequence,END_TURN",
    "tool_use,TOOL_USE",
    "max_tokens,MAX_TOKENS",
    "refusal,REFUSAL",
    "pause_turn,PAUSE",
    "brand_new,OTHER"
  })
  void everyStopReasonHasAMeaning(String wire, ModelAnswer.Stop meaning) throws Exception {
    // Given
    http.replies(stream(START, block(0, TEXT), text(0, "hi"), end(0), stopped(wire), STOP));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.stop()).isEqualTo(meaning);
  }

  @Test
  void whatWasCountedBeforeACutIsKnown() {
    // Given
    http.replies(cut(START, block(0, TEXT), text(0, "Hel")));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isTrue();
    assertThat(heard.usage).isEqualTo(new ModelUsage(12, 1, 3, 4, Map.of()));
  }

  @Test
  void anAnswerWithoutItsLastEventIsNotComplete() {
    // Given
    http.replies(stream(START, block(0, TEXT), text(0, "Hel"), end(0), stopped("end_turn")));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure).hasMessageContaining("before it was complete");
  }
}
