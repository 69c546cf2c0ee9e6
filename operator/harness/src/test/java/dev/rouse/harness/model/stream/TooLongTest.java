package dev.rouse.harness.model.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.harness.model.ModelFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How providers and servers say that a request is longer than the model's context. */
class TooLongTest {

  private static ModelFailure failure(int status, String code, String message) {
    String body = "{\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}".formatted(code, message);
    return ProviderError.ofBody(body).ofStatus(status, "main", null);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          400 | invalid_request_error     | prompt is too long: 233153 tokens > 200000 maximum
          400 | invalid_request_error     | input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000
          413 | request_too_large         | Request exceeds the maximum size
          400 | context_length_exceeded   | Your input exceeds the context window of this model.
          400 | invalid_request_error     | This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.
          400 | BadRequestError           | The decoder prompt (length 5000) is longer than the maximum model length of 4096.
          400 | exceed_context_size_error | request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it
          400 | ContextWindowExceededError | it does not fit
          400 | INVALID_ARGUMENT          | The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).
          422 | invalid_request           | Prompt contains 40000 tokens, too large for model with 32768 maximum context length
          400 | invalid_request_error     | Please reduce the length of the messages or completion.
          """)
  void aRequestThatIsTooLong(int status, String code, String message) {
    // When
    ModelFailure failure = failure(status, code, message);

    // Then
    assertThat(failure.isTooLong()).isTrue();
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure).hasMessageContaining(message);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          429 | rate_limit_error      | Too many tokens, please wait before trying again.
          413 | rate_limit_exceeded   | Request too large for model on tokens per minute (TPM): Limit 6000
          400 | invalid_request_error | max_tokens: 300000 > 64000, which is the maximum allowed number of output tokens
          400 | invalid_request_error | messages.1.content: text content blocks must be non-empty
          404 | not_found_error       | model: context-window-x
          503 | overloaded_error      | the context length service is overloaded
          402 | billing_error         | your credit is too low for this context length
          """)
  void aFailureOfAnotherKind(int status, String code, String message) {
    assertThat(failure(status, code, message).isTooLong()).isFalse();
  }
}
