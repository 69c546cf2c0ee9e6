package dev.rouse.harness.model;

import dev.rouse.harness.model.Turn.Part;
import dev.rouse.harness.model.Turn.Role;
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
 * A transcript as every provider wants it: user and assistant in turn; every call answered in the
 * turn right after it, results first; no empty text.
 *
 * <p>Whatever the log holds, the outcome is valid: a call without a result gets one that says so,
 * or one lost result would lock the session for ever.
 */
public final class Turns {

  private final Map<String, Part.Result> results = new HashMap<>();
  private final List<Turn> turns = new ArrayList<>();
  private final Map<String, Part.Result> unanswered = new LinkedHashMap<>();
  private List<Part> parts = new ArrayList<>();
  private Role role = Role.USER;

  private Turns() {}

  /** The turns of {@code request}, the summary first. */
  public static List<Turn> of(ModelRequest request) {
    Turns turns = new Turns();
    request.transcript().forEach(turns::index);
    String summary = request.summary();
    if (summary != null) {
      turns.say(Role.USER, text("Summary of the conversation so far:\n" + summary));
    }
    request.transcript().forEach(turns::add);
    turns.flush();
    return List.copyOf(turns.turns);
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
      String callId, @Nullable List<ContentBlock> content, @Nullable Boolean isError) {
    results.putIfAbsent(
        callId,
        new Part.Result(
            callId, content == null ? List.of() : shown(content), Boolean.TRUE.equals(isError)));
  }

  private void add(Event event) {
    switch (event) {
      case AgentEvent.Message message ->
          shown(message.content()).forEach(block -> say(Role.ASSISTANT, new Part.Said(block)));
      case AgentEvent.Call call -> {
        say(Role.ASSISTANT, new Part.Called(call));
        unanswered.put(call.id(), results.getOrDefault(call.id(), noResult(call.id())));
      }
      case UserEvent.Message message -> user(message.content());
      case UserEvent.SystemMessage message -> {
        answerCalls();
        say(Role.USER, text("Message of the operator of this system:"));
        user(message.content());
      }
      // A result stands right behind its call's turn, wherever the log has it.
      case AgentEvent.ToolResult _,
          AgentEvent.McpToolResult _,
          UserEvent.CustomToolResult _,
          UserEvent.ToolResult _ ->
          answerCalls();
      case Event _ -> {}
    }
  }

  private static Part.Result noResult(String callId) {
    return new Part.Result(callId, List.of(ContentBlock.text("There is no result.")), true);
  }

  private void user(List<ContentBlock> content) {
    List<ContentBlock> shown = shown(content);
    answerCalls();
    if (shown.isEmpty()) {
      say(Role.USER, text("(no content)"));
    }
    shown.forEach(block -> say(Role.USER, new Part.Said(block)));
  }

  /** Closes the assistant's turn with the results of its calls, in the order of the calls. */
  private void answerCalls() {
    List<Part.Result> due = new ArrayList<>(unanswered.values());
    unanswered.clear();
    due.forEach(result -> say(Role.USER, result));
  }

  private void say(Role speaker, Part part) {
    if (speaker != role) {
      flush();
      role = speaker;
    }
    parts.add(part);
  }

  private void flush() {
    if (!parts.isEmpty()) {
      turns.add(new Turn(role, parts));
      parts = new ArrayList<>();
    }
  }

  private static Part.Said text(String text) {
    return new Part.Said(ContentBlock.text(text));
  }

  /** The blocks that a model is shown: blank text and redactions are left out. */
  private static List<ContentBlock> shown(List<ContentBlock> content) {
    return content.stream()
        .filter(block ->
            switch (block) {
              case ContentBlock.Text text -> !text.text().isBlank();
              case ContentBlock.Other other -> !other.type().equals("redacted");
            })
        .toList();
  }
}
