package dev.rouse.server.keeper;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.SessionState;
import dev.rouse.session.UserEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The last messages and calls of a session, one short line each, for {@code kubectl}. */
final class Tail {

  static final int LINES = 8;
  static final int LENGTH = 200;

  private Tail() {}

  static List<String> of(SessionState state) {
    List<Event> shown = state.transcript();
    List<String> lines = new ArrayList<>();
    // Some events have no line, so a few more are looked at than lines are wanted.
    shown.subList(Math.max(0, shown.size() - 4 * LINES), shown.size()).stream()
        .flatMap(event -> line(event).stream())
        .forEach(lines::add);
    state.queued().values().stream().flatMap(event -> line(event).stream()).forEach(lines::add);
    return List.copyOf(lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
  }

  private static Optional<String> line(Event event) {
    return switch (event) {
      case UserEvent.Message message -> text("user: ", message.content());
      case UserEvent.SystemMessage message -> text("system: ", message.content());
      case UserEvent.Interrupt _ -> Optional.of("user: (interrupt)");
      case UserEvent.ToolResult result -> result(result.content(), result.isError());
      case UserEvent.CustomToolResult result -> result(result.content(), result.isError());
      case AgentEvent.Message message -> text("agent: ", message.content());
      case AgentEvent.ToolResult result -> result(result.content(), result.isError());
      case AgentEvent.McpToolResult result -> result(result.content(), result.isError());
      case AgentEvent.Call call -> Optional.of(call(call));
      case Event _ -> Optional.empty();
    };
  }

  /** A call by its one telling argument, where it has one. */
  private static String call(AgentEvent.Call call) {
    String said =
        Stream.of("command", "file_path", "pattern", "url", "query")
            .map(call.input()::get)
            .filter(value -> value != null && value.isTextual())
            .map(value -> value.textValue())
            .findFirst()
            .orElseGet(() -> call.input().isEmpty() ? "" : call.input().toString());
    return cut(call.name() + ": " + said);
  }

  private static Optional<String> result(
      @Nullable List<ContentBlock> content, @Nullable Boolean isError) {
    String mark = Boolean.TRUE.equals(isError) ? "→ error: " : "→ ";
    String said = content == null ? "" : ContentBlock.textOf(content);
    return Optional.of(cut(mark + (said.isBlank() ? "(no text)" : said)));
  }

  private static Optional<String> text(String who, List<ContentBlock> content) {
    String said = ContentBlock.textOf(content);
    return Optional.of(cut(who + (said.isBlank() ? "(no text)" : said)));
  }

  /** One line of at most {@link #LENGTH} characters, never with half a character at its end. */
  private static String cut(String text) {
    String line =
        text.substring(0, Math.min(text.length(), 4 * LENGTH))
            .replaceAll("[\\s\\p{Cntrl}]+", " ")
            .strip();
    if (line.length() <= LENGTH) {
      return line;
    }
    int end = LENGTH - 1;
    return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
