package dev.rouse.devcluster.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.devcluster.model.judge.FaultException;
import dev.rouse.devcluster.model.judge.FaultKind;
import dev.rouse.devcluster.model.protocol.JsonReader;
import dev.rouse.devcluster.model.protocol.Protocol.Request;
import dev.rouse.devcluster.model.talk.Conversation;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the body of a chat completion request; whatever the protocol does not know is refused. */
final class ChatReader {

  private static final Set<String> REQUEST =
      Set.of(
          "model",
          "messages",
          "max_tokens",
          "max_completion_tokens",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "stream",
          "stream_options",
          "reasoning_effort",
          "response_format",
          "temperature",
          "top_p",
          "frequency_penalty",
          "presence_penalty",
          "seed",
          "stop",
          "n",
          "user",
          "metadata",
          "store",
          "service_tier");
  private static final Set<String> FUNCTION = Set.of("name", "description", "parameters", "strict");
  private static final Pattern TOOL_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private ChatReader() {}

  /**
   * Reads a request.
   *
   * @throws FaultException naming the first field that is wrong
   */
  static Request read(JsonNode json) {
    var body = new JsonReader("", json);
    body.allowOnly(REQUEST);
    checkLimit(body);
    boolean stream = body.flag("stream");
    boolean countTokens = false;
    if (body.has("stream_options")) {
      JsonReader options = body.object("stream_options");
      options.allowOnly(Set.of("include_usage"));
      countTokens = options.flag("include_usage");
      if (!stream) {
        throw JsonReader.fault(
            FaultKind.UNKNOWN_FIELD, "stream_options", "is only allowed when 'stream' is true");
      }
    }
    var messages = new ChatMessages();
    body.objects("messages").forEach(messages::add);
    return new Request(
        new Conversation(body.text("model"), messages.system(), messages.turns(), tools(body)),
        stream,
        countTokens);
  }

  private static void checkLimit(JsonReader body) {
    for (String limit : Set.of("max_tokens", "max_completion_tokens")) {
      if (body.has(limit)) {
        body.atLeastOne(limit);
      }
    }
    if (body.has("max_tokens") && body.has("max_completion_tokens")) {
      throw new FaultException(
          FaultKind.BAD_MAX_TOKENS, "max_tokens", "not together with max_completion_tokens");
    }
  }

  private static Set<String> tools(JsonReader body) {
    var names = new HashSet<String>();
    if (!body.has("tools")) {
      return names;
    }
    for (JsonReader tool : body.objects("tools")) {
      tool.allowOnly(Set.of("type", "function"));
      if (!tool.text("type").equals("function")) {
        throw bad(tool, "type must be 'function'");
      }
      JsonReader function = tool.object("function");
      function.allowOnly(FUNCTION);
      String name = function.text("name");
      if (!TOOL_NAME.matcher(name).matches()) {
        throw bad(function, "name '%s' must match ^[a-zA-Z0-9_-]{1,64}$".formatted(name));
      }
      if (!names.add(name)) {
        throw bad(function, "tool names must be unique, '%s' is not".formatted(name));
      }
      if (function.has("parameters")
          && !function.object("parameters").required("type").asText().equals("object")) {
        throw bad(function, "parameters.type must be 'object'");
      }
    }
    if (names.isEmpty()) {
      throw new FaultException(FaultKind.BAD_TOOL, "tools", "must not be empty");
    }
    return names;
  }

  private static FaultException bad(JsonReader tool, String problem) {
    return new FaultException(FaultKind.BAD_TOOL, tool.place(), problem);
  }
}
