package dev.rouse.harness.model.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.UserEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transcript as the Messages API wants it: user and assistant in turn; every tool use answered in
 * the message right after it, results first; no empty text.
 *
 * <p>Whatever the log holds, the outcome is valid: a call without a result gets one that says so,
 * or one lost result would lock the session for ever.
 */
final class AnthropicHistory {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, ObjectNode> results = new HashMap<>();
  private final ArrayNode messages = JSON.arrayNode();
  private final Map<String, ObjectNode> unanswered = new LinkedHashMap<>();
  private List<ObjectNode> blocks = new ArrayList<>();
  private String role = "user";

  private AnthropicHistory() {}

  /** The {@code messages} of a request, without cache marks. */
  static ArrayNode messages(ModelRequest request) {
    AnthropicHistory history = new AnthropicHistory();
    request.transcript().forEach(history::index);
    String summary = request.summary();
    if (summary != null) {
      history.say("user", text("Summary of the conversation so far:\n" + summary));
    }
    request.transcript().forEach(history::add);
    history.flush();
    return history.messages;
  }

  private void index(Event event) {
    switch (event) {
      case AgentEvent.ToolResult r -> index(r.toolUseId(), r.content(), r.isError());
      case AgentEvent.McpToolResult r -> index(r.mcpToolUseId(), r.content(), r.isError());
      case UserEvent.CustomToolResult r -> index(r.customToolUseId(), r.content(), r.isError());
      case UserEvent.ToolResult r -> index(r.toolUseId(), r.content(), r.isError());
      case Event _ -> {}
    }
  }

  private void index(
      String toolUseId, @Nullable List<ContentBlock> content, @Nullable Boolean isError) {
    ObjectNode block = result(toolUseId);
    List<ObjectNode> inner = content == null ? List.of() : rendered(content);
    if (!inner.isEmpty()) {
      block.putArray("content").addAll(inner);
    }
    if (Boolean.TRUE.equals(isError)) {
      block.put("is_error", true);
    }
    results.putIfAbsent(toolUseId, block);
  }

  private static ObjectNode result(String toolUseId) {
    return JSON.objectNode().put("type", "tool_result").put("tool_use_id", toolUseId);
  }

  private void add(Event event) {
    switch (event) {
      case AgentEvent.Message message -> rendered(message.content()).forEach(this::assistant);
      case AgentEvent.Call call -> {
        assistant(
            JSON.objectNode()
                .put("type", "tool_use")
                .put("id", call.id())
                .put("name", call.name())
                .set("input", call.input()));
        unanswered.put(
            call.id(),
            results.getOrDefault(
                call.id(),
                result(call.id()).put("content", "There is no result.").put("is_error", true)));
      }
      case UserEvent.Message message -> user(message.content());
      case UserEvent.SystemMessage message -> {
        say("user", text("Message of the operator of this system:"));
        user(message.content());
      }
      // A result stands right behind its call's message, wherever the log has it.
      case AgentEvent.ToolResult _,
          AgentEvent.McpToolResult _,
          UserEvent.CustomToolResult _,
          UserEvent.ToolResult _ ->
          answerCalls();
      case Event _ -> {}
    }
  }

  private void assistant(ObjectNode block) {
    say("assistant", block);
  }

  private void user(List<ContentBlock> content) {
    List<ObjectNode> shown = rendered(content);
    answerCalls();
    if (shown.isEmpty()) {
      say("user", text("(no content)"));
    }
    shown.forEach(block -> say("user", block));
  }

  /** Closes the assistant's message with the results of its calls, in the order of the calls. */
  private void answerCalls() {
    List<ObjectNode> due = new ArrayList<>(unanswered.values());
    unanswered.clear();
    due.forEach(block -> say("user", block));
  }

  private void say(String speaker, ObjectNode block) {
    if (!speaker.equals(role)) {
      flush();
      role = speaker;
    }
    blocks.add(block);
  }

  private void flush() {
    if (!blocks.isEmpty()) {
      messages.addObject().put("role", role).putArray("content").addAll(blocks);
      blocks = new ArrayList<>();
    }
  }

  private static ObjectNode text(String text) {
    return JSON.objectNode().put("type", "text").put("text", text);
  }

  /** The blocks that the API takes: blank text and redactions are left out. */
  private static List<ObjectNode> rendered(List<ContentBlock> content) {
    List<ObjectNode> rendered = new ArrayList<>();
    for (ContentBlock block : content) {
      switch (block) {
        case ContentBlock.Text text -> {
          if (!text.text().isBlank()) {
            rendered.add(text(text.text()));
          }
        }
        case ContentBlock.Other other -> {
          if (!other.type().equals("redacted")) {
            ObjectNode passedOn = JSON.objectNode().put("type", other.type());
            other.fields().forEach(passedOn::set);
            rendered.add(passedOn);
          }
        }
      }
    }
    return rendered;
  }
}
