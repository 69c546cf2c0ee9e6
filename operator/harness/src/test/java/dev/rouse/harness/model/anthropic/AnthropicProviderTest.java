package dev.rouse.harness.model.anthropic;

import static dev.rouse.harness.fake.ModelHttp.cut;
import static dev.rouse.harness.fake.ModelHttp.error;
import static dev.rouse.harness.fake.ModelHttp.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.harness.fake.ModelHttp;
import dev.rouse.harness.http.HttpCalls;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelProvider;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.UserEvent;
import dev.rouse.session.tools.AgentToolset;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Messages protocol over real HTTP, with everything that goes wrong on the way. */
@Timeout(30)
class AnthropicProviderTest {

  private static final String KEY = "sk-secret-42";
  private static final String START =
      "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":12,"
          + "\"cache_creation_input_tokens\":3,\"cache_read_input_tokens\":4,"
          + "\"output_tokens\":1}}}";
  private static final String STOP = "{\"type\":\"message_stop\"}";

  private static Vertx vertx;

  @TempDir Path directory;
  private ModelHttp http;
  private AnthropicProvider provider;
  private final Heard heard = new Heard();

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void start() throws IOException {
    http = new ModelHttp();
    Path key = Files.writeString(directory.resolve("key"), KEY + "\n");
    provider = provider(key, Duration.ofSeconds(10));
  }

  private AnthropicProvider provider(Path key, Duration patience) {
    return new AnthropicProvider(
        new HttpCalls(vertx, null),
        new AnthropicProvider.Endpoint(http.url(), key),
        new AnthropicProvider.Patience(patience, patience),
        Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private static ModelRequest request() {
    return new ModelRequest(
        "vendor",
        "claude-x",
        500,
        "Be brief.",
        AgentToolset.all(),
        null,
        List.of(new UserEvent.Message("sevt_1", List.of(ContentBlock.text("hello")))));
  }

  private static String text(int index, String piece) {
    return "{\"type\":\"content_block_delta\",\"index\":"
        + index
        + ",\"delta\":{\"type\":\"text_delta\",\"text\":\""
        + piece
        + "\"}}";
  }

  private static String block(int index, String content) {
    return "{\"type\":\"content_block_start\",\"index\":"
        + index
        + ",\"content_block\":"
        + content
        + "}";
  }

  private static String json(int index, String piece) {
    return "{\"type\":\"content_block_delta\",\"index\":"
        + index
        + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\""
        + piece.replace("\"", "\\\"")
        + "\"}}";
  }

  private static String end(int index) {
    return "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
  }

  private static String stopped(String reason) {
    return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\""
        + reason
        + "\"},\"usage\":{\"output_tokens\":30}}";
  }

  private static final String TEXT = "{\"type\":\"text\",\"text\":\"\"}";
  private static final String BASH = "{\"type\":\"tool_use\",\"name\":\"bash\",\"input\":{}}";

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
            block(3, BASH),
            json(3, "{\"comm"),
            json(3, "and\":\"ls\"}"),
            end(3),
            block(4, BASH),
            end(4),
            stopped("tool_use"),
            STOP));

    // When
    ModelAnswer answer = provider.stream(request(), heard);

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
    http.replies(stream(START, block(0, TEXT), text(0, "hi"), end(0), stopped("end_turn"), STOP));

    // When
    provider.stream(request(), heard);

    // Then
    JsonNode body = new ObjectMapper().readTree(http.bodies.getFirst());
    assertThat(body.path("model").asText()).isEqualTo("claude-x");
    assertThat(body.path("max_tokens").asInt()).isEqualTo(500);
    assertThat(body.path("stream").asBoolean()).isTrue();
    assertThat(body.path("tools")).hasSize(6);
    assertThat(body.at("/system/0/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(body.at("/tools/5/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(body.at("/messages/0/content/0/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(body.toString().split("cache_control")).hasSize(4);
    assertThat(http.headers.getFirst().get("X-api-key")).containsExactly(KEY);
    assertThat(http.headers.getFirst().get("Anthropic-version")).containsExactly("2023-06-01");
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
    ModelAnswer answer = provider.stream(request(), heard);

    // Then
    assertThat(answer.stop()).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource({"[1],no valid JSON object", "'{\"a\":',no valid JSON object"})
  void inputThatIsNoObjectIsAFault(String input, String said) throws Exception {
    // Given
    http.replies(stream(START, block(0, BASH), json(0, input), end(0), stopped("tool_use"), STOP));

    // When
    ModelAnswer.Call call = provider.stream(request(), heard).calls().getFirst();

    // Then
    assertThat(call.fault()).contains(said);
    assertThat(call.input()).isEmpty();
  }

  @Test
  void aCallCutByTheTokenLimitIsAFault() throws Exception {
    // Given
    http.replies(stream(START, block(0, BASH), json(0, "{\"comm"), stopped("max_tokens"), STOP));

    // When
    ModelAnswer.Call call = provider.stream(request(), heard).calls().getFirst();

    // Then
    assertThat(call.fault()).contains("limit of tokens");
  }

  @ParameterizedTest
  @CsvSource({
    "408,timeout_error,true,model_request_failed_error",
    "409,conflict_error,true,model_request_failed_error",
    "429,rate_limit_error,true,model_rate_limited_error",
    "500,api_error,true,model_request_failed_error",
    "503,api_error,true,model_request_failed_error",
    "529,overloaded_error,true,model_overloaded_error",
    "400,invalid_request_error,false,model_request_failed_error",
    "402,billing_error,false,billing_error",
    "404,not_found_error,false,model_request_failed_error",
    "413,request_too_large,false,model_request_failed_error"
  })
  void aStatusIsRetryableOrTerminal(int status, String type, boolean retry, String wireType) {
    // Given
    http.replies(error(status, type, "the reason"));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isEqualTo(retry);
    assertThat(failure.errorType()).isEqualTo(wireType);
    assertThat(failure).hasMessageContaining("the reason").hasMessageContaining("vendor");
  }

  @ParameterizedTest
  @CsvSource({"401", "403"})
  void aRefusedKeyNamesTheSecretAndNeverTheKey(int status) {
    // Given
    http.replies(error(status, "authentication_error", "bad key " + KEY));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure)
        .hasMessageContaining("Secret that ModelProvider vendor names")
        .message()
        .doesNotContain(KEY);
  }

  @ParameterizedTest
  @CsvSource({
    "7,PT7S",
    "0.5,PT0.5S",
    "'Sun, 22 Nov 2026 10:00:30 GMT',PT30S",
    "99999,PT10M",
    "soon,"
  })
  void retryAfterIsHonoured(String header, Duration wish) {
    // Given
    http.replies(error(529, "overloaded_error", "busy", "retry-after", header));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.retryAfter()).isEqualTo(wish);
  }

  @Test
  void aCutStreamIsTriedAgain() {
    // Given
    http.replies(cut(START, block(0, TEXT), text(0, "Hel")));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isTrue();
    assertThat(heard.usage).isEqualTo(new ModelUsage(12, 1, 3, 4, Map.of()));
  }

  @Test
  void aStreamThatEndsTooEarlyIsTriedAgain() {
    // Given
    http.replies(stream(START, block(0, TEXT), text(0, "Hel"), end(0), stopped("end_turn")));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isTrue();
    assertThat(failure).hasMessageContaining("before it was complete");
  }

  @Test
  void silenceBeforeAndWithinAnAnswerIsTriedAgain() {
    // Given
    provider = provider(directory.resolve("key"), Duration.ofMillis(300));
    http.replies(http.silence(), http.hang(START));

    // When
    ModelFailure before = failure();
    ModelFailure within = failure();

    // Then
    assertThat(before.isRetryable()).isTrue();
    assertThat(before).hasMessageContaining("no answer");
    assertThat(within.isRetryable()).isTrue();
    // A loaded machine may not even begin its answer in that time.
    assertThat(within).message().containsAnyOf("stopped coming in", "no answer");
  }

  @ParameterizedTest
  @CsvSource({"overloaded_error,true", "api_error,true", "invalid_request_error,false"})
  void anErrorInTheStreamIsRetryableOrTerminal(String type, boolean retry) {
    // Given
    http.replies(
        stream(
            START,
            "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"oh\"}}"));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isEqualTo(retry);
    assertThat(failure).hasMessageContaining("oh");
  }

  @Test
  void aStreamThatIsNoJsonIsTriedAgain() {
    // Given
    http.replies(stream(START, "{\"type\":\"ping\""));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isTrue();
  }

  @Test
  void aProviderThatIsNotThereIsTriedAgain() {
    // Given
    http.close();

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isTrue();
    assertThat(failure).hasMessageContaining("cannot reach");
  }

  @Test
  void aMissingKeyIsSaidWithTheObjectToFix() throws IOException {
    // Given
    Files.delete(directory.resolve("key"));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure).hasMessageContaining("spec.secretRef");
  }

  @Test
  void anInterruptAbortsTheRequestAtOnce() {
    // Given
    http.replies(http.hang(START, block(0, TEXT), text(0, "Hel")));
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread asking =
        Thread.ofVirtual()
            .start(() -> end.set(catchThrowable(() -> provider.stream(request(), heard))));
    await("the answer begins").until(() -> heard.said.contains("0:Hel"));

    // When
    asking.interrupt();

    // Then
    await("the call ends")
        .atMost(Duration.ofSeconds(1))
        .untilAsserted(() -> {
          assertThat(end.get()).isInstanceOf(InterruptedException.class);
        });
  }

  private ModelFailure failure() {
    Throwable thrown = catchThrowable(() -> provider.stream(request(), heard));
    assertThat(thrown).isInstanceOf(ModelFailure.class);
    return (ModelFailure) thrown;
  }

  /** Remembers what it was told. */
  private static final class Heard implements ModelProvider.Listener {
    private final List<String> said = new CopyOnWriteArrayList<>();
    private volatile ModelUsage usage;

    @Override
    public void thinking() {
      said.add("thinking");
    }

    @Override
    public void text(int index, String piece) {
      said.add(index + ":" + piece);
    }

    @Override
    public void usage(ModelUsage soFar) {
      usage = soFar;
    }
  }
}
