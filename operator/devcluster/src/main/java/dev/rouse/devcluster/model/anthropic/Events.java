package dev.rouse.devcluster.model.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer in the words of the Messages protocol: as one message, or as the events of a stream.
 */
final class Events {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Short texts come in pieces of this size, long ones in at most {@link #MOST_PIECES} pieces. */
  private static final int PIECE = 16;

  private static final int MOST_PIECES = 24;
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** A server-sent event. */
  record Event(String name, ObjectNode data) {
    boolean delta() {
      return name.equals("content_block_delta");
    }

    boolean last() {
      return name.equals("message_stop");
    }
  }

  private Events() {}

  /** The whole message. */
  static ObjectNode message(String id, String model, Answer answer, int inputTokens) {
    ObjectNode message = opening(id, model, inputTokens, outputTokens(answer));
    answer.parts().forEach(part -> message.withArray("content").add(block(part)));
    return message.put("stop_reason", answer.stopReason());
  }

  /** The same message, piece by piece. */
  static List<Event> stream(String id, String model, Answer answer, int inputTokens) {
    var events = new ArrayList<Event>();
    ObjectNode start = event("message_start");
    start.set("message", opening(id, model, inputTokens, 1));
    add(events, start);
    int index = 0;
    for (Part part : answer.parts()) {
      ObjectNode opened = event("content_block_start").put("index", index);
      opened.set("content_block", emptyBlock(part));
      add(events, opened);
      if (index == 0) {
        add(events, event("ping"));
      }
      for (ObjectNode delta : deltas(part)) {
        ObjectNode piece = event("content_block_delta").put("index", index);
        piece.set("delta", delta);
        add(events, piece);
      }
      add(events, event("content_block_stop").put("index", index));
      index++;
    }
    ObjectNode end = event("message_delta");
    end.putObject("delta").put("stop_reason", answer.stopReason()).putNull("stop_sequence");
    end.putObject("usage").put("output_tokens", outputTokens(answer));
    add(events, end);
    add(events, event("message_stop"));
    return List.copyOf(events);
  }

  /** The number of tokens a text of this length might have. */
  static int tokens(int characters) {
    return Math.max(1, characters / CHARACTERS_PER_TOKEN);
  }

  private static int outputTokens(Answer answer) {
    return tokens(answer.parts().stream().mapToInt(part -> block(part).toString().length()).sum());
  }

  private static ObjectNode opening(String id, String model, int inputTokens, int outputTokens) {
    ObjectNode message =
        JSON.objectNode()
            .put("id", id)
            .put("type", "message")
            .put("role", "assistant")
            .put("model", model);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message
        .putObject("usage")
        .put("input_tokens", inputTokens)
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0)
        .put("output_tokens", outputTokens);
    return message;
  }

  private static ObjectNode block(Part part) {
    ObjectNode block = emptyBlock(part);
    return switch (part) {
      case Part.Text(var text) -> block.put("text", text);
      case Part.ToolUse(var _, var _, var input) -> block.set("input", input);
      case Part.ToolResult _, Part.Attachment _ -> throw notSaid(part);
    };
  }

  private static ObjectNode emptyBlock(Part part) {
    ObjectNode block = JSON.objectNode();
    return switch (part) {
      case Part.Text _ -> block.put("type", "text").put("text", "");
      case Part.ToolUse(var id, var name, var _) ->
          block
              .put("type", "tool_use")
              .put("id", id)
              .put("name", name)
              .set("input", JSON.objectNode());
      case Part.ToolResult _, Part.Attachment _ -> throw notSaid(part);
    };
  }

  private static List<ObjectNode> deltas(Part part) {
    return switch (part) {
      case Part.Text(var text) ->
          pieces(text).stream()
              .map(piece -> JSON.objectNode().put("type", "text_delta").put("text", piece))
              .toList();
      case Part.ToolUse(var _, var _, var input) ->
          pieces(input.toString()).stream()
              .map(piece ->
                  JSON.objectNode().put("type", "input_json_delta").put("partial_json", piece))
              .toList();
      case Part.ToolResult _, Part.Attachment _ -> throw notSaid(part);
    };
  }

  /** Cut between code points, so that no piece holds half a character. */
  private static List<String> pieces(String text) {
    int size = Math.max(PIECE, Math.ceilDiv(text.length(), MOST_PIECES));
    var pieces = new ArrayList<String>();
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(text.length(), start + size);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end++;
      }
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }

  private static ObjectNode event(String type) {
    return JSON.objectNode().put("type", type);
  }

  private static void add(List<Event> events, ObjectNode data) {
    events.add(new Event(data.path("type").textValue(), data));
  }

  private static IllegalArgumentException notSaid(Part part) {
    return new IllegalArgumentException("a model does not say " + part);
  }
}
