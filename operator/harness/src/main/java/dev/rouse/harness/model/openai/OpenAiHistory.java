package dev.rouse.harness.model.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.Turn;
import dev.rouse.harness.model.Turn.Part;
import dev.rouse.harness.model.Turns;
import dev.rouse.session.ContentBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * A transcript as chat messages: each result is a message with the role {@code tool} right behind
 * the calls.
 *
 * <p>Such a message holds text only and knows no errors: a failed call's begins with {@link
 * #FAILED}, and images of results follow in the user's message.
 */
final class OpenAiHistory {

  /** The first line of what a failed call gave. */
  static final String FAILED = "The tool call failed:";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ArrayNode messages = JSON.arrayNode();

  private OpenAiHistory() {}

  /** The {@code messages} of a request, without the system prompt. */
  static ArrayNode messages(ModelRequest request) {
    OpenAiHistory history = new OpenAiHistory();
    for (Turn turn : Turns.of(request)) {
      switch (turn.role()) {
        case ASSISTANT -> history.assistant(turn);
        case USER -> history.user(turn);
      }
    }
    return history.messages;
  }

  private void assistant(Turn turn) {
    List<String> texts = new ArrayList<>();
    ArrayNode calls = JSON.arrayNode();
    for (Part part : turn.parts()) {
      switch (part) {
        case Part.Said(ContentBlock block) -> texts.add(PlainText.of(block));
        case Part.Called called -> calls.add(call(called));
        case Part.Result _ -> {}
      }
    }
    ObjectNode message = messages.addObject().put("role", "assistant");
    message.put("content", texts.isEmpty() ? null : String.join("\n", texts));
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
  }

  private static ObjectNode call(Part.Called called) {
    ObjectNode call = JSON.objectNode().put("id", called.call().id()).put("type", "function");
    call.putObject("function")
        .put("name", called.name())
        .put("arguments", called.call().input().toString());
    return call;
  }

  private void user(Turn turn) {
    List<ContentBlock> said = new ArrayList<>();
    for (Part part : turn.parts()) {
      switch (part) {
        case Part.Result result -> {
          messages
              .addObject()
              .put("role", "tool")
              .put("tool_call_id", result.callId())
              .put("content", text(result));
          List<ContentBlock> images = result.content().stream().filter(Images::isShown).toList();
          if (!images.isEmpty()) {
            said.add(ContentBlock.text("From the result of call " + result.callId() + ":"));
            said.addAll(images);
          }
        }
        case Part.Said(ContentBlock block) -> said.add(block);
        case Part.Called _ -> {}
      }
    }
    if (!said.isEmpty()) {
      content(messages.addObject().put("role", "user"), said);
    }
  }

  private static String text(Part.Result result) {
    List<String> lines = new ArrayList<>();
    if (result.isError()) {
      lines.add(FAILED);
    }
    for (ContentBlock block : result.content()) {
      lines.add(
          Images.isShown(block)
              ? "(an image; it follows in the user's next message)"
              : PlainText.of(block));
    }
    return String.join("\n", lines);
  }

  /** A string if there is nothing but text: not every server takes a list. */
  private static void content(ObjectNode message, List<ContentBlock> said) {
    if (said.stream().noneMatch(Images::isShown)) {
      message.put("content", String.join("\n", said.stream().map(PlainText::of).toList()));
      return;
    }
    ArrayNode parts = message.putArray("content");
    for (ContentBlock block : said) {
      parts.add(
          Images.isShown(block)
              ? Images.part(block)
              : JSON.objectNode().put("type", "text").put("text", PlainText.of(block)));
    }
  }
}
