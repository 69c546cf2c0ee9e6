package dev.rouse.harness.model.stream;

import static dev.rouse.harness.fake.ModelHttp.cut;
import static dev.rouse.harness.fake.ModelHttp.error;
import static dev.rouse.harness.fake.ModelHttp.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.rouse.harness.fake.Wire;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.session.ContentBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for every protocol, over real HTTP, with everything that goes wrong on the way. */
@Timeout(30)
public abstract class ProviderContractTest extends ProviderBench {

  protected ProviderContractTest(Wire wire) {
    super(wire);
  }

  @Test
  void whatIsSaidIsHeardAndCounted() throws Exception {
    // Given
    http.replies(stream(wire.says("hi there")));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.content()).containsExactly(ContentBlock.text("hi there"));
    assertThat(answer.calls()).isEmpty();
    assertThat(answer.thought()).isFalse();
    assertThat(answer.stop()).isEqualTo(ModelAnswer.Stop.END_TURN);
    assertThat(heard.said).containsExactly("0:hi there");
    assertThat(answer.usage()).isEqualTo(heard.usage);
    assertThat(answer.usage().inputTokens()).isEqualTo(12);
    assertThat(answer.usage().outputTokens()).isEqualTo(30);
    assertThat(answer.usage().cacheReadInputTokens()).isEqualTo(4);
  }

  @Test
  void aCallIsPutTogetherFromItsPieces() throws Exception {
    // Given
    http.replies(stream(wire.calls("bash", "{\"comm", "and\":\"l", "s\"}")));

    // When
    ModelAnswer answer = ask();

    // Then
    assertThat(answer.stop()).isEqualTo(ModelAnswer.Stop.TOOL_USE);
    assertThat(answer.content()).isEmpty();
    assertThat(answer.calls())
        .singleElement()
        .satisfies(call -> {
          assertThat(call.name()).isEqualTo("bash");
          assertThat(call.fault()).isNull();
          assertThat(call.input()).hasToString("{\"command\":\"ls\"}");
        });
  }

  @Test
  void aCallWithoutInputHasAnEmptyOne() throws Exception {
    // Given
    http.replies(stream(wire.calls("bash")));

    // When
    ModelAnswer.Call call = ask().calls().getFirst();

    // Then
    assertThat(call.fault()).isNull();
    assertThat(call.input()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"[1],no valid JSON object", "'{\"a\":',no valid JSON object"})
  void inputThatIsNoObjectIsAFault(String input, String said) throws Exception {
    // Given
    http.replies(stream(wire.calls("bash", input)));

    // When
    ModelAnswer.Call call = ask().calls().getFirst();

    // Then
    assertThat(call.fault()).contains(said);
    assertThat(call.input()).isEmpty();
  }

  @Test
  void aCallCutByTheTokenLimitIsAFault() throws Exception {
    // Given
    http.replies(stream(wire.callIsCut("bash", "{\"comm")));

    // When
    ModelAnswer.Call call = ask().calls().getFirst();

    // Then
    assertThat(call.fault()).contains("limit of tokens");
  }

  @Tag("contract-errors-types")
  @ParameterizedTest
  @CsvSource({
    "408,timeout_error,true,model_request_failed_error",
    "409,conflict_error,true,model_request_failed_error",
    "429,rate_limit_error,true,model_rate_limited_error",
    "429,rate_limit_exceeded,true,model_rate_limited_error",
    "429,insufficient_quota,false,billing_error",
    "500,api_error,true,model_request_failed_error",
    "500,server_error,true,model_request_failed_error",
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
  @CsvSource({"400", "401", "403", "500"})
  void theKeyIsInNoMessage(int status) {
    // Given
    http.replies(error(status, "invalid_api_key", "bad key " + KEY));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure).message().doesNotContain(KEY);
  }

  @ParameterizedTest
  @CsvSource({"401", "403"})
  void aRefusedKeyNamesTheSecret(int status) {
    // Given
    http.replies(error(status, "authentication_error", "no"));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure).hasMessageContaining("Secret that ModelProvider vendor names");
  }

  @Test
  void aKeyThatIsWantedButNotConfiguredNamesTheField() {
    // Given
    provider = provider(null, Duration.ofSeconds(10));
    http.replies(error(401, "authentication_error", "no"));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure).hasMessageContaining("spec.secretRef of ModelProvider vendor");
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
    http.replies(cut(wire.begins("Hel")));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isTrue();
    assertThat(heard.said).containsExactly("0:Hel");
  }

  @Test
  void aStreamThatEndsTooEarlyIsTriedAgain() {
    // Given
    http.replies(stream(wire.begins("Hel")));

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
    http.replies(http.silence(), http.hang(wire.begins("Hel")));

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
  @CsvSource({
    "overloaded_error,true",
    "api_error,true",
    "server_error,true",
    "rate_limit_exceeded,true",
    "insufficient_quota,false",
    "invalid_request_error,false"
  })
  void anErrorInTheStreamIsRetryableOrTerminal(String type, boolean retry) {
    // Given
    http.replies(
        stream(
            Stream.concat(Stream.of(wire.begins("Hel")), Stream.of(wire.error(type, "oh")))
                .toArray(String[]::new)));

    // When
    ModelFailure failure = failure();

    // Then
    assertThat(failure.isRetryable()).isEqualTo(retry);
    assertThat(failure).hasMessageContaining("oh");
  }

  @Test
  void aStreamThatIsNoJsonIsTriedAgain() {
    // Given
    http.replies(stream(wire.begins("Hel")[0], "{\"type\":\"ping\""));

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
    http.replies(http.hang(wire.begins("Hel")));
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread asking = Thread.ofVirtual().start(() -> end.set(catchThrowable(this::ask)));
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
}
