package dev.rouse.devcluster.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.devcluster.model.judge.FaultException;
import dev.rouse.devcluster.model.judge.FaultKind;
import dev.rouse.devcluster.model.protocol.JsonReader;
import dev.rouse.devcluster.model.protocol.Protocol.Request;
import dev.rouse.devcluster.model.talk.Conversation;
import dev.rouse.devcluster.model.talk.Message;
import dev.rouse.devcluster.model.talk.Part;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the body of a Messages request; whatever the protocol does not know is refused. */
final class MessagesReader {

  private static final Set<String> REQUEST =
      Set.of(
          "model",
          "messages",
          "max_tokens",
          "system",
          "tools",
          "tool_choice",
          "stream",
          "metadata",
          "stop_sequences",
          "temperature",
          "top_k",
          "top_p",
          "thinking",
          "service_tier",
          "container",
          "context_management",
          "mcp_servers",
          "output_config",
          "cache_control",
          "inference_geo",
          "speed");
  private static final Set<String> TOOL =
      Set.of(
          "type",
          "name",
          "description",
          "input_schema",
          "cache_control",
          "strict",
          "eager_input_streaming",
          "defer_loading",
          "input_examples",
          "allowed_callers");
  private static final Set<String> TEXT = Set.of("type", "text", "cache_control", "citations");
  private static final Set<String> TOOL_USE =
      Set.of("type", "id", "name", "input", "cache_control");
  private static final Set<String> TOOL_RESULT =
      Set.of("type", "tool_use_id", "content", "is_error", "cache_control");
  private static final Set<String> ATTACHMENTS = Set.of("image", "document", "search_result");
  private static final Pattern TOOL_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
  private static final int CACHE_MARKS = 4;

  private MessagesReader() {}

  /**
   * Reads a request.
   *
   * @throws FaultException naming the first field that is wrong
   */
  static Request read(JsonNode json) {
    var body = new JsonReader("", json);
    body.allowOnly(REQUEST);
    String model = body.text("model");
    body.atLeastOne("max_tokens");
    long marks = json.findValues("cache_control").stream().filter(JsonNode::isObject).count();
    if (marks > CACHE_MARKS) {
      throw new FaultException(
          FaultKind.TOO_MANY_CACHE_MARKS,
          "cache_control",
          "at most %d blocks may carry it, found %d".formatted(CACHE_MARKS, marks));
    }
    var conversation =
        new Conversation(
            model,
            body.has("system") ? Part.textOf(content(body, "system", "system")) : "",
            body.objects("messages").stream().map(MessagesReader::message).toList(),
            tools(body));
    return new Request(conversation, body.flag("stream"), true);
  }

  private static Set<String> tools(JsonReader body) {
    var names = new HashSet<String>();
    if (!body.has("tools")) {
      return names;
    }
    for (JsonReader tool : body.objects("tools")) {
      tool.allowOnly(TOOL);
      String name = tool.text("name");
      if (!TOOL_NAME.matcher(name).matches()) {
        throw bad(tool, "name '%s' must match ^[a-zA-Z0-9_-]{1,128}$".formatted(name));
      }
      if (!names.add(name)) {
        throw bad(tool, "tool names must be unique, '%s' is not".formatted(name));
      }
      if (!tool.object("input_schema").required("type").asText().equals("object")) {
        throw bad(tool, "input_schema.type must be 'object'");
      }
    }
    return names;
  }

  private static FaultException bad(JsonReader tool, String problem) {
    return new FaultException(FaultKind.BAD_TOOL, tool.place(), problem);
  }

  private static Message message(JsonReader message) {
    message.allowOnly(Set.of("role", "content"));
    String role = message.text("role");
    return switch (role) {
      case "user" -> new Message.User(content(message, "content", role));
      case "assistant" -> new Message.Assistant(content(message, "content", role));
      default ->
          throw JsonReader.fault(
              FaultKind.WRONG_TYPE,
              message.at("role"),
              "must be user or assistant, not '%s'".formatted(role));
    };
  }

  /** A string stands for one text block. */
  private static List<Part> content(JsonReader owner, String field, String role) {
    JsonNode content = owner.required(field);
    return content.isTextual()
        ? List.of(new Part.Text(content.textValue()))
        : owner.objects(field).stream().map(block -> block(block, role)).toList();
  }

  private static Part block(JsonReader block, String role) {
    String type = block.text("type");
    if (type.equals("text")) {
      block.allowOnly(TEXT);
      return new Part.Text(block.text("text"));
    }
    if (type.equals("tool_use") && role.equals("assistant")) {
      block.allowOnly(TOOL_USE);
      return new Part.ToolUse(block.text("id"), block.text("name"), block.object("input").node());
    }
    if (type.equals("tool_result") && role.equals("user")) {
      block.allowOnly(TOOL_RESULT);
      return new Part.ToolResult(
          block.text("tool_use_id"),
          block.has("content") ? resultContent(block) : List.of(),
          block.flag("is_error"));
    }
    if (ATTACHMENTS.contains(type) && (role.equals("user") || role.equals("tool"))) {
      return new Part.Attachment(((ObjectNode) block.node()).deepCopy().without("cache_control"));
    }
    throw JsonReader.fault(
        FaultKind.WRONG_TYPE,
        block.at("type"),
        "'%s' is no block for the role %s".formatted(type, role));
  }

  /** An empty string is a result without content, as the protocol has it. */
  private static List<Part> resultContent(JsonReader block) {
    JsonNode content = block.required("content");
    return content.isTextual() && content.textValue().isEmpty()
        ? List.of()
        : content(block, "content", "tool");
  }
}
