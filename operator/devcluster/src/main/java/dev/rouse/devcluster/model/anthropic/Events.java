package dev.rouse.devcluster.model.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.devcluster.model.protocol.Pieces;
import dev.rouse.devcluster.model.protocol.Protocol.Event;
import dev.rouse.devcluster.model.protocol.Protocol.Event.Place;
import dev.rouse.devcluster.model.protocol.Protocol.Outgoing;
import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer in the words of the Messages protocol: as one message, or as the events of a stream.
 */
final class Events {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Events() {}

  /** The whole message. */
  static ObjectNode message(Outgoing outside, Answer answer) {
    ObjectNode message = opening(outside, Pieces.tokens(answer));
    answer.parts().forEach(part -> message.withArray("content").add(block(part)));
    return message.put("stop_reason", answer.stopReason());
  }

  /** The same message, piece by piece. */
  static List<Event> stream(Outgoing outside, Answer answer) {
    var events = new ArrayList<Event>();
    ObjectNode start = event("message_start");
    start.set("message", opening(outside, 1));
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
    end.putObject("usage").put("output_tokens", Pieces.tokens(answer));
    add(events, end);
    add(events, event("message_stop"));
    return List.copyOf(events);
  }

  private static ObjectNode opening(Outgoing outside, int outputTokens) {
    ObjectNode message =
        JSON.objectNode()
            .put("id", outside.id())
            .put("type", "message")
            .put("role", "assistant")
            .put("model", outside.model());
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message
        .putObject("usage")
        .put("input_tokens", outside.inputTokens())
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
      case Part.ToolResult _, Part.Attachment _ -> throw Pieces.notSaid(part);
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
      case Part.ToolResult _, Part.Attachment _ -> throw Pieces.notSaid(part);
    };
  }

  private static List<ObjectNode> deltas(Part part) {
    return switch (part) {
      case Part.Text(var text) ->
          Pieces.of(text).stream()
              .map(piece -> JSON.objectNode().put("type", "text_delta").put("text", piece))
              .toList();
      case Part.ToolUse(var _, var _, var input) ->
          Pieces.of(input.toString()).stream()
              .map(piece ->
                  JSON.objectNode().put("type", "input_json_delta").put("partial_json", piece))
              .toList();
      case Part.ToolResult _, Part.Attachment _ -> throw Pieces.notSaid(part);
    };
  }

  private static ObjectNode event(String type) {
    return JSON.objectNode().put("type", type);
  }

  private static void add(List<Event> events, ObjectNode data) {
    String name = data.path("type").textValue();
    Place place =
        switch (name) {
          case "content_block_delta" -> Place.PIECE;
          case "message_stop" -> Place.END;
          default -> Place.OUTSIDE;
        };
    events.add(new Event(name, data.toString(), place));
  }
}
