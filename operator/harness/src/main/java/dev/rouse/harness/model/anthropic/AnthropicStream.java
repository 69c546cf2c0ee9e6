package dev.rouse.harness.model.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelProvider.Listener;
import dev.rouse.harness.model.stream.AnswerStream;
import dev.rouse.harness.model.stream.CallInput;
import dev.rouse.harness.model.stream.ProviderError;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.ModelUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One streamed answer, event by event. Without transport: fed with the {@code data} of each event,
 * it is complete after {@code message_stop} and not before. Unknown events and blocks are skipped.
 */
final class AnthropicStream implements AnswerStream {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Listener listener;
  private final Map<Integer, Block> blocks = new TreeMap<>();
  private ModelUsage usage = ModelUsage.ZERO;
  private boolean thought;
  private int textBlocks;
  private @Nullable String stopReason;
  private @Nullable JsonNode stopDetails;
  private boolean stopped;

  private sealed interface Block {

    /** {@code place} is the block's index among the texts that are not empty; -1 while it is. */
    final class Text implements Block {
      private final StringBuilder text = new StringBuilder();
      private int place = -1;
    }

    final class ToolUse implements Block {
      private final String name;
      private final JsonNode startInput;
      private final StringBuilder input = new StringBuilder();
      private boolean ended;

      ToolUse(String name, JsonNode startInput) {
        this.name = name;
        this.startInput = startInput;
      }
    }
  }

  AnthropicStream(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void feed(String data) throws ModelFailure {
    JsonNode event;
    try {
      event = JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw ModelFailure.retryable(
          "model_request_failed_error",
          "the provider sent a stream event that is no JSON",
          null,
          e);
    }
    switch (event.path("type").asText()) {
      case "message_start" -> counted(event.path("message").path("usage"));
      case "content_block_start" -> start(event);
      case "content_block_delta" -> delta(event);
      case "content_block_stop" -> {
        if (blocks.get(event.path("index").asInt()) instanceof Block.ToolUse use) {
          use.ended = true;
        }
      }
      case "message_delta" -> {
        JsonNode delta = event.path("delta");
        if (delta.path("stop_reason").isTextual()) {
          stopReason = delta.path("stop_reason").textValue();
        }
        if (delta.path("stop_details").isObject()) {
          stopDetails = delta.path("stop_details");
        }
        counted(event.path("usage"));
      }
      case "message_stop" -> stopped = true;
      case "error" -> throw ProviderError.of(event.path("error")).inStream();
      default -> {}
    }
  }

  private void start(JsonNode event) {
    JsonNode block = event.path("content_block");
    int index = event.path("index").asInt();
    switch (block.path("type").asText()) {
      case "text" -> {
        Block.Text text = new Block.Text();
        blocks.put(index, text);
        append(text, block.path("text").asText());
      }
      case "tool_use" ->
          blocks.put(index, new Block.ToolUse(block.path("name").asText(), block.path("input")));
      case "thinking", "redacted_thinking" -> {
        if (!thought) {
          thought = true;
          listener.thinking();
        }
      }
      default -> {}
    }
  }

  private void delta(JsonNode event) {
    JsonNode delta = event.path("delta");
    switch (blocks.get(event.path("index").asInt())) {
      case Block.Text text -> append(text, delta.path("text").asText());
      case Block.ToolUse use -> use.input.append(delta.path("partial_json").asText());
      case null -> {}
    }
  }

  private void append(Block.Text block, String piece) {
    if (piece.isEmpty()) {
      return;
    }
    if (block.place < 0) {
      block.place = textBlocks++;
    }
    block.text.append(piece);
    listener.text(block.place, piece);
  }

  /** Counts in a stream are totals, and a later event leaves out what has not changed. */
  private void counted(JsonNode counts) {
    if (counts.isObject()) {
      usage =
          new ModelUsage(
              counts.path("input_tokens").asLong(usage.inputTokens()),
              counts.path("output_tokens").asLong(usage.outputTokens()),
              counts.path("cache_creation_input_tokens").asLong(usage.cacheCreationInputTokens()),
              counts.path("cache_read_input_tokens").asLong(usage.cacheReadInputTokens()),
              Map.of());
      listener.usage(usage);
    }
  }

  @Override
  public Optional<ModelAnswer> answer() {
    if (!stopped) {
      return Optional.empty();
    }
    List<ContentBlock> content = new ArrayList<>();
    List<ModelAnswer.Call> calls = new ArrayList<>();
    boolean cut = "max_tokens".equals(stopReason);
    for (Block block : blocks.values()) {
      switch (block) {
        case Block.Text text -> {
          if (!text.text.isEmpty()) {
            content.add(ContentBlock.text(text.text.toString()));
          }
        }
        case Block.ToolUse use -> calls.add(call(use, cut));
      }
    }
    return Optional.of(
        new ModelAnswer(thought, content, calls, stop(stopReason), stopDetails, usage));
  }

  private static ModelAnswer.Call call(Block.ToolUse use, boolean cut) {
    // Without pieces the input is what the block began with.
    String input = use.input.isEmpty() ? use.startInput.toString() : use.input.toString();
    return CallInput.read(use.name, input, use.ended, cut);
  }

  private static ModelAnswer.Stop stop(@Nullable String reason) {
    return switch (reason) {
      case "end_turn", "stop_sequence" -> ModelAnswer.Stop.END_TURN;
      case "tool_use" -> ModelAnswer.Stop.TOOL_USE;
      case "max_tokens" -> ModelAnswer.Stop.MAX_TOKENS;
      case "refusal" -> ModelAnswer.Stop.REFUSAL;
      case "pause_turn" -> ModelAnswer.Stop.PAUSE;
      case null, default -> ModelAnswer.Stop.OTHER;
    };
  }
}
