package dev.rouse.harness.model.openai;

import static dev.rouse.harness.fake.ModelHttp.cut;
import static dev.rouse.harness.fake.ModelHttp.error;
import static dev.rouse.harness.fake.ModelHttp.errorBody;
import static dev.rouse.harness.fake.ModelHttp.stream;
import static dev.rouse.harness.fake.OpenAiWire.DONE;
import static dev.rouse.harness.fake.OpenAiWire.USAGE;
import static dev.rouse.harness.fake.OpenAiWire.call;
import static dev.rouse.harness.fake.OpenAiWire.delta;
import static dev.rouse.harness.fake.OpenAiWire.finished;
import static dev.rouse.harness.fake.OpenAiWire.more;
import static dev.rouse.harness.fake.OpenAiWire.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.harness.fake.OpenAiWire;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.stream.ProviderContractTest;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.ModelUsage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat completions protocol over real HTTP, with the ways in which its servers differ. */
class OpenAiProviderTest extends ProviderContractTest {

  private static final String[] HI = new OpenAiWire().says("hi");
  private static final String NOT_MAX_TOKENS =
      "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";

  OpenAiProviderTest() {
    super(new OpenAiWire());
  }

  @Test
  void textThinkingAndCallsAreReadFromAStream() throws Exception {
    // Given
    http.replies(
        stream(
            delta("\"role\":\"assistant\",\"content\":null"),
            delta("\"reasoning_content\":\"hm\""),
            delta("\"reasoning_content\":\"hm\""),
            text("Hel"),
            "{\"object\":\"something.new\"}",
            text("lo ü"),
            call(0, "a", "bash", ""),
            more(0, "{\"comm"),
            call(1, "b", "glob", "{\"pat"),
            more(1, "tern\":\"*\"}"),
            more(0, "and\":\"ls\"}"),
            finished("tool_calls"),
            USAGE,
            DONE));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.thought()).isTrue();
    assertThat(answer.content()).containsExactly(ContentBlock.text("Hello ü"));
    assertThat(answer.calls())
        .extracting(call -> call.name() + call.input())
        .containsExactly("bash{\"command\":\"ls\"}", "glob{\"pattern\":\"*\"}");
    assertThat(answer.stop()).isEqualTo(ModelAnswer.Stop.TOOL_USE);
    assertThat(answer.usage()).isEqualTo(new ModelUsage(12, 30, 0, 4, Map.of()));
    assertThat(heard.said).containsExactly("thinking", "0:Hel", "0:lo ü");
  }

  @Test
  void theRequestIsWhatTheProtocolAsksFor() throws Exception {
    // Given
    http.replies(stream(HI));

    // When
    ask();

    // Then
    JsonNode body = body(0);
    assertThat(http.paths).containsExactly("/v1/chat/completions");
    assertThat(body.path("model").asText()).isEqualTo("model-x");
    assertThat(body.path("max_tokens").asInt()).isEqualTo(500);
    assertThat(body.path("stream").asBoolean()).isTrue();
    assertThat(body.at("/stream_options/include_usage").asBoolean()).isTrue();
    assertThat(body.at("/messages/0"))
        .hasToString("{\"role\":\"system\",\"content\":\"Be brief.\"}");
    assertThat(body.at("/messages/1")).hasToString("{\"role\":\"user\",\"content\":\"hello\"}");
    assertThat(body.path("tools")).hasSize(6);
    assertThat(body.at("/tools/0/function/name").asText()).isEqualTo("bash");
    assertThat(body.at("/tools/0/function/parameters/type").asText()).isEqualTo("object");
    assertThat(body.has("reasoning_effort")).isFalse();
    assertThat(http.headers.getFirst().get("Authorization")).containsExactly("Bearer " + KEY);
  }

  @Test
  void withoutAKeyNoneIsSent() throws Exception {
    // Given
    provider = provider(null, Duration.ofSeconds(10));
    http.replies(stream(HI));

    // When
    ask();

    // Then
    assertThat(http.headers.getFirst()).doesNotContainKey("Authorization");
  }

  @ParameterizedTest
  @CsvSource({"low,low", "high,high", "xhigh,high", "max,high"})
  void anEffortIsPassedOn(String effort, String sent) throws Exception {
    // Given
    http.replies(stream(HI));

    // When
    provider.stream(request(effort), heard);

    // Then
    assertThat(body(0).path("reasoning_effort").asText()).isEqualTo(sent);
  }

  @Test
  void aModelThatWantsTheNewerLimitGetsItFromThenOn() throws Exception {
    // Given
    http.replies(error(400, "invalid_request_error", NOT_MAX_TOKENS), stream(HI));

    // When
    ModelAnswer first = ask();
    ask();

    // Then
    assertThat(first.content()).containsExactly(ContentBlock.text("hi"));
    assertThat(http.bodies).hasSize(3);
    assertThat(body(0).has("max_tokens")).isTrue();
    for (int request : new int[] {1, 2}) {
      assertThat(body(request).has("max_tokens")).isFalse();
      assertThat(body(request).path("max_completion_tokens").asInt()).isEqualTo(500);
    }
  }

  @Test
  void aServerThatTakesNeitherLimitIsNotAskedForEver() {
    // Given
    http.replies(error(400, "invalid_request_error", NOT_MAX_TOKENS));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isFalse();
    assertThat(http.bodies).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "stop,END_TURN",
    "tool_calls,TOOL_USE",
    "function_call,TOOL_USE",
    "length,MAX_TOKENS",
    "content_filter,REFUSAL",
    "brand_new,OTHER"
  })
  void everyFinishReasonHasAMeaning(String wire, ModelAnswer.Stop meaning) throws Exception {
    // Given
    http.replies(stream(text("hi"), finished(wire), USAGE, DONE));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.stop()).isEqualTo(meaning);
  }

  @Test
  void aRefusalIsOneWhateverTheFinishReasonSays() throws Exception {
    // Given
    http.replies(stream(delta("\"refusal\":\"I will not.\""), finished("stop"), USAGE, DONE));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.stop()).isEqualTo(ModelAnswer.Stop.REFUSAL);
    assertThat(answer.content()).containsExactly(ContentBlock.text("I will not."));
    assertThat(answer.stopDetails())
        .hasToString("{\"type\":\"refusal\",\"category\":null,\"explanation\":\"I will not.\"}");
  }

  @Test
  void wholeCallsWithOneIndexAreApartByTheirIds() throws Exception {
    // Given
    http.replies(
        stream(
            call(0, "a", "bash", "{\"command\":\"ls\"}"),
            call(0, "b", "bash", "{\"command\":\"pwd\"}"),
            finished("stop"),
            USAGE,
            DONE));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.calls())
        .extracting(call -> call.input().toString())
        .containsExactly("{\"command\":\"ls\"}", "{\"command\":\"pwd\"}");
    assertThat(answer.stop()).isEqualTo(ModelAnswer.Stop.TOOL_USE);
  }

  @Test
  void callsWithoutAnIndexAndWithAnObjectForInputAreTaken() throws Exception {
    // Given
    String call =
        "\"tool_calls\":[{\"id\":\"%s\",\"function\":{\"name\":\"bash\",\"arguments\":{\"command\":\"%s\"}}}]";
    http.replies(
        stream(
            delta(call.formatted("a", "ls")),
            delta(call.formatted("b", "pwd")),
            finished("tool_calls"),
            DONE));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.calls())
        .extracting(each -> each.input().toString())
        .containsExactly("{\"command\":\"ls\"}", "{\"command\":\"pwd\"}");
  }

  @Test
  void aServerThatDoesNotCountIsEstimated() throws Exception {
    // Given
    http.replies(stream(text("eight characters"), finished("stop"), DONE));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.usage().outputTokens()).isEqualTo(4);
    assertThat(answer.usage().inputTokens()).isGreaterThan(100);
    assertThat(heard.usage).isEqualTo(answer.usage());
  }

  @Test
  void aServerThatCountsAlongIsHeard() throws Exception {
    // Given
    String counted =
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":%d}}";
    http.replies(stream(counted.formatted(1), counted.formatted(2), finished("stop"), DONE));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.usage()).isEqualTo(new ModelUsage(9, 2, 0, 0, Map.of()));
  }

  @Test
  void anOrderlyEndBehindTheFinishReasonIsEnough() throws Exception {
    // Given
    http.replies(stream(text("hi"), finished("stop"), USAGE));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.content()).containsExactly(ContentBlock.text("hi"));
    assertThat(answer.usage().outputTokens()).isEqualTo(30);
  }

  @Test
  void anEndWithoutAFinishReasonIsTriedAgain() {
    // Given
    http.replies(stream(text("hi"), DONE));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isTrue();
  }

  @Test
  void aCutBehindTheFinishReasonIsTriedAgain() {
    // Given
    http.replies(cut(text("hi"), finished("stop")));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"object\":\"error\",\"message\":\"too long\",\"type\":\"BadRequestError\",\"code\":400}",
        "{\"error\":\"too long\"}",
        "{\"detail\":\"too long\"}",
        "{\"error\":{\"message\":\"too long\",\"type\":null,\"code\":400}}"
      })
  void errorsAreReadInEveryForm(String body) {
    // Given
    http.replies(errorBody(400, body));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure).hasMessageContaining("too long");
  }

  @ParameterizedTest
  @CsvSource({"502,true", "429,true", "400,false"})
  void aNumberForACodeIsAStatus(int code, boolean retry) {
    // Given
    http.replies(
        stream(
            text("Hel"),
            "{\"error\":{\"message\":\"oh\",\"code\":%d},\"choices\":[]}".formatted(code)));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isEqualTo(retry);
  }
}
