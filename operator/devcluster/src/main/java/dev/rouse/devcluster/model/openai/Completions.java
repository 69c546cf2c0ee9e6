package dev.rouse.devcluster.model.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.devcluster.model.protocol.Pieces;
import dev.rouse.devcluster.model.protocol.Protocol.Event;
import dev.rouse.devcluster.model.protocol.Protocol.Event.Place;
import dev.rouse.devcluster.model.protocol.Protocol.Outgoing;
import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** An answer as one completion, or as the chunks of a stream. */
final class Completions {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Outgoing outside;
  private final Instant created;
  private final Answer answer;

  private Completions(Outgoing outside, Instant created, Answer answer) {
    this.outside = outside;
    this.created = created;
    this.answer = answer;
  }

  /** The whole completion. */
  static ObjectNode whole(Outgoing outside, Instant created, Answer answer) {
    return new Completions(outside, created, answer).whole();
  }

  /**
   * The same completion, chunk by chunk.
   *
   * @param countTokens whether a chunk before the end holds the usage, and all others say that they
   *     do not
   */
  static List<Event> stream(Outgoing outside, Instant created, Answer answer, boolean countTokens) {
    return new Completions(outside, created, answer).chunks(countTokens);
  }

  private ObjectNode whole() {
    ObjectNode body = opening("chat.completion");
    ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant").putNull("content");
    for (Part part : answer.parts()) {
      switch (part) {
        case Part.Text(var text) -> message.put("content", text);
        case Part.ToolUse(var id, var name, var input) ->
            message.withArray("tool_calls").add(call(id, name, input.toString()));
        case Part.ToolResult _, Part.Attachment _ -> throw Pieces.notSaid(part);
      }
    }
    choice.put("finish_reason", finishReason()).putNull("logprobs");
    return body.set("usage", usage());
  }

  private List<Event> chunks(boolean countTokens) {
    var events = new ArrayList<Event>();
    Consumer<ObjectNode> pieces = delta -> events.add(chunk(delta, countTokens, Place.PIECE));
    events.add(chunk(JSON.objectNode().put("role", "assistant"), countTokens, Place.OUTSIDE));
    int index = 0;
    for (Part part : answer.parts()) {
      switch (part) {
        case Part.Text(var text) ->
            Pieces.of(text)
                .forEach(piece -> pieces.accept(JSON.objectNode().put("content", piece)));
        case Part.ToolUse(var id, var name, var input) -> {
          ObjectNode begun = call(id, name, "").put("index", index);
          events.add(chunk(calls(begun), countTokens, Place.OUTSIDE));
          for (String piece : Pieces.of(input.toString())) {
            ObjectNode more = JSON.objectNode().put("index", index);
            more.putObject("function").put("arguments", piece);
            pieces.accept(calls(more));
          }
          index++;
        }
        case Part.ToolResult _, Part.Attachment _ -> throw Pieces.notSaid(part);
      }
    }
    ObjectNode last = chunk(JSON.objectNode(), countTokens);
    ((ObjectNode) last.at("/choices/0")).put("finish_reason", finishReason());
    events.add(new Event("", last.toString(), Place.END));
    if (countTokens) {
      ObjectNode counts = opening("chat.completion.chunk");
      counts.putArray("choices");
      events.add(new Event("", counts.set("usage", usage()).toString(), Place.END));
    }
    events.add(new Event("", "[DONE]", Place.END));
    return List.copyOf(events);
  }

  private Event chunk(ObjectNode delta, boolean countTokens, Place place) {
    return new Event("", chunk(delta, countTokens).toString(), place);
  }

  private ObjectNode chunk(ObjectNode delta, boolean countTokens) {
    ObjectNode chunk = opening("chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("finish_reason");
    return countTokens ? chunk.putNull("usage") : chunk;
  }

  private static ObjectNode calls(ObjectNode call) {
    ObjectNode delta = JSON.objectNode();
    delta.putArray("tool_calls").add(call);
    return delta;
  }

  private static ObjectNode call(String id, String name, String arguments) {
    ObjectNode call = JSON.objectNode().put("id", id).put("type", "function");
    call.putObject("function").put("name", name).put("arguments", arguments);
    return call;
  }

  private ObjectNode opening(String object) {
    return JSON.objectNode()
        .put("id", outside.id())
        .put("object", object)
        .put("created", created.getEpochSecond())
        .put("model", outside.model());
  }

  private ObjectNode usage() {
    int output = Pieces.tokens(answer);
    ObjectNode usage =
        JSON.objectNode()
            .put("prompt_tokens", outside.inputTokens())
            .put("completion_tokens", output)
            .put("total_tokens", outside.inputTokens() + output);
    usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
    return usage;
  }

  /** Scripts give the reason in the words of the Messages protocol. */
  private String finishReason() {
    return switch (answer.stopReason()) {
      case "tool_use" -> "tool_calls";
      case "max_tokens" -> "length";
      case "refusal" -> "content_filter";
      default -> "stop";
    };
  }
}
