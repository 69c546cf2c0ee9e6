package dev.rouse.harness.model.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelProvider.Listener;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.TokenEstimate;
import dev.rouse.harness.model.stream.AnswerStream;
import dev.rouse.harness.model.stream.ProviderError;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.ModelUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One streamed completion, chunk by chunk. It is complete once a chunk gave the reason for its end
 * and the stream is over: with {@code [DONE]}, or, from servers that do not send that, with the end
 * of the response. Usage comes between the two.
 */
final class OpenAiStream implements AnswerStream {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How some servers say, in the middle of an answer, that there will be no more of it. */
  private static final Set<String> GIVEN_UP =
      Set.of("abort", "error", "insufficient_system_resource");

  private static final String DONE = "[DONE]";

  private final ModelRequest request;
  private final Listener listener;
  private final StringBuilder text = new StringBuilder();
  private final ToolCalls calls = new ToolCalls();
  private @Nullable ModelUsage usage;
  private @Nullable String finishReason;
  private boolean thought;
  private final StringBuilder refusal = new StringBuilder();
  private boolean done;

  OpenAiStream(ModelRequest request, Listener listener) {
    this.request = request;
    this.listener = listener;
  }

  @Override
  public void feed(String data) throws ModelFailure {
    if (data.strip().equals(DONE)) {
      done = true;
      return;
    }
    JsonNode chunk;
    try {
      chunk = JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw ModelFailure.retryable(
          "model_request_failed_error", "the provider sent a chunk that is no JSON", null, e);
    }
    if (chunk.hasNonNull("error")) {
      throw ProviderError.of(chunk).inStream();
    }
    JsonNode choice = chunk.path("choices").path(0);
    delta(choice.path("delta"));
    if (choice.path("finish_reason").isTextual()) {
      finishReason = choice.path("finish_reason").textValue();
      if (GIVEN_UP.contains(finishReason)) {
        throw ModelFailure.retryable(
            "model_request_failed_error",
            "the provider gave up its answer, finish_reason " + finishReason,
            null,
            null);
      }
    }
    counted(chunk.path("usage"));
  }

  private void delta(JsonNode delta) {
    // Servers agree on neither a name for the thoughts nor on sending them.
    boolean thinks =
        List.of("reasoning_content", "reasoning").stream()
            .anyMatch(field -> !delta.path(field).asText("").isEmpty());
    if (thinks && !thought) {
      thought = true;
      listener.thinking();
    }
    said(delta.path("content").asText(""));
    String refused = delta.path("refusal").asText("");
    refusal.append(refused);
    said(refused);
    delta.path("tool_calls").forEach(calls::add);
  }

  private void said(String piece) {
    if (!piece.isEmpty()) {
      text.append(piece);
      listener.text(0, piece);
    }
  }

  /** A server may count along with every chunk; each count is the whole so far. */
  private void counted(JsonNode counts) {
    if (!counts.isObject()) {
      return;
    }
    long cached = counts.path("prompt_tokens_details").path("cached_tokens").asLong();
    long prompt = counts.path("prompt_tokens").asLong();
    usage =
        new ModelUsage(
            Math.max(0, prompt - cached),
            counts.path("completion_tokens").asLong(),
            0,
            cached,
            Map.of());
    listener.usage(usage);
  }

  @Override
  public Optional<ModelAnswer> answer() {
    return done ? atEnd() : Optional.empty();
  }

  @Override
  public Optional<ModelAnswer> atEnd() {
    if (finishReason == null) {
      return Optional.empty();
    }
    ModelUsage spent = usage;
    if (spent == null) {
      spent = TokenEstimate.of(request, (long) text.length() + calls.characters());
      listener.usage(spent);
    }
    ModelAnswer.Stop stop = stop(finishReason);
    return Optional.of(
        new ModelAnswer(
            thought,
            text.isEmpty() ? List.of() : List.of(ContentBlock.text(text.toString())),
            calls.finished(stop == ModelAnswer.Stop.MAX_TOKENS),
            stop,
            refusal.isEmpty()
                ? null
                : JsonNodeFactory.instance.objectNode().put("explanation", refusal.toString()),
            spent));
  }

  private ModelAnswer.Stop stop(String reason) {
    return switch (reason) {
      // Some servers stop like this after calls as well.
      case "stop" -> {
        if (!refusal.isEmpty()) {
          yield ModelAnswer.Stop.REFUSAL;
        }
        yield calls.isEmpty() ? ModelAnswer.Stop.END_TURN : ModelAnswer.Stop.TOOL_USE;
      }
      case "tool_calls", "function_call" -> ModelAnswer.Stop.TOOL_USE;
      case "length" -> ModelAnswer.Stop.MAX_TOKENS;
      case "content_filter" -> ModelAnswer.Stop.REFUSAL;
      default -> ModelAnswer.Stop.OTHER;
    };
  }
}
