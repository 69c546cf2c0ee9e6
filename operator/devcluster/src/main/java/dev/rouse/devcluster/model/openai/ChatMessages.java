package dev.rouse.devcluster.model.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.devcluster.model.judge.FaultException;
import dev.rouse.devcluster.model.judge.FaultKind;
import dev.rouse.devcluster.model.protocol.JsonReader;
import dev.rouse.devcluster.model.talk.Message;
import dev.rouse.devcluster.model.talk.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The messages of a chat, brought into turns: tool messages, and the user's words behind them, are
 * one turn of the user.
 *
 * <p>As strict as the strictest servers: system messages come first, and users do not speak twice
 * in a row. A tool message has no mark for errors; {@link #FAILED} as its first line is one.
 */
final class ChatMessages {

  static final String FAILED = "The tool call failed:";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> IMAGE = Set.of("type", "image_url");

  private final List<String> system = new ArrayList<>();
  private final List<Message> turns = new ArrayList<>();
  private final List<Part> users = new ArrayList<>();
  private String last = "system";

  /** Takes the next message. */
  void add(JsonReader message) {
    String role = message.text("role");
    switch (role) {
      case "system", "developer" -> {
        message.allowOnly(Set.of("role", "content"));
        expect(last.equals("system"), message, "system messages come before all others");
        system.add(Part.textOf(content(message, false)));
        last = "system";
        return;
      }
      case "user" -> {
        message.allowOnly(Set.of("role", "content", "name"));
        expect(!last.equals("user"), message, "the user does not speak twice in a row");
        List<Part> parts = content(message, true);
        if (parts.isEmpty()) {
          throw new FaultException(
              FaultKind.EMPTY_CONTENT, message.place(), "content must not be empty");
        }
        users.addAll(parts);
      }
      case "tool" -> {
        message.allowOnly(Set.of("role", "content", "tool_call_id"));
        if (last.equals("user")) {
          throw new FaultException(
              FaultKind.TOOL_RESULTS_NOT_FIRST,
              message.place(),
              "must follow the message with 'tool_calls'");
        }
        users.add(result(message));
      }
      case "assistant" -> {
        message.allowOnly(Set.of("role", "content", "tool_calls", "name", "refusal"));
        endUsersTurn();
        turns.add(assistant(message));
      }
      default ->
          throw JsonReader.fault(
              FaultKind.WRONG_TYPE,
              message.at("role"),
              "must be system, developer, user, assistant or tool, not '%s'".formatted(role));
    }
    last = role;
  }

  /** What the system messages say. */
  String system() {
    return String.join("\n", system);
  }

  /** The turns; the last one is complete. */
  List<Message> turns() {
    endUsersTurn();
    return List.copyOf(turns);
  }

  private void endUsersTurn() {
    if (!users.isEmpty()) {
      turns.add(new Message.User(users));
      users.clear();
    }
  }

  private static void expect(boolean condition, JsonReader message, String rule) {
    if (!condition) {
      throw new FaultException(FaultKind.ROLES_OUT_OF_TURN, message.place(), rule);
    }
  }

  private static Part.ToolResult result(JsonReader message) {
    String text = Part.textOf(content(message, false));
    boolean failed = text.equals(FAILED) || text.startsWith(FAILED + "\n");
    String said = failed ? text.substring(FAILED.length()).strip() : text;
    return new Part.ToolResult(
        message.text("tool_call_id"),
        said.isEmpty() ? List.of() : List.of(new Part.Text(said)),
        failed);
  }

  private static Message.Assistant assistant(JsonReader message) {
    var parts = new ArrayList<Part>();
    if (message.has("content") && !message.required("content").isNull()) {
      String text = Part.textOf(content(message, false));
      if (!text.isEmpty()) {
        parts.add(new Part.Text(text));
      }
    }
    if (message.has("tool_calls")) {
      for (JsonReader call : message.objects("tool_calls")) {
        call.allowOnly(Set.of("id", "type", "function"));
        JsonReader function = call.object("function");
        function.allowOnly(Set.of("name", "arguments"));
        parts.add(new Part.ToolUse(call.text("id"), function.text("name"), input(function)));
      }
    }
    return new Message.Assistant(parts);
  }

  private static ObjectNode input(JsonReader function) {
    try {
      if (JSON.readTree(function.text("arguments")) instanceof ObjectNode input) {
        return input;
      }
    } catch (JsonProcessingException e) {
      // The same answer as for JSON of another kind.
    }
    throw JsonReader.fault(
        FaultKind.WRONG_TYPE, function.at("arguments"), "must be the text of a JSON object");
  }

  /** A string stands for one text part; blank texts are for the rules to judge. */
  private static List<Part> content(JsonReader message, boolean withImages) {
    JsonNode content = message.required("content");
    if (content.isTextual()) {
      return List.of(new Part.Text(content.textValue()));
    }
    var parts = new ArrayList<Part>();
    for (JsonReader part : message.objects("content")) {
      String type = part.text("type");
      if (type.equals("text")) {
        part.allowOnly(Set.of("type", "text"));
        parts.add(new Part.Text(part.text("text")));
      } else if (type.equals("image_url") && withImages) {
        part.allowOnly(IMAGE);
        part.object("image_url").text("url");
        parts.add(new Part.Attachment(part.node()));
      } else {
        throw JsonReader.fault(
            FaultKind.WRONG_TYPE, part.at("type"), "'%s' is no part for this role".formatted(type));
      }
    }
    return parts;
  }
}
