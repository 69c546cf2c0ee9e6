package dev.rouse.devcluster.model.script;

import dev.rouse.devcluster.model.script.Play.Played;
import dev.rouse.devcluster.model.script.Template.Reference;
import dev.rouse.devcluster.model.talk.Conversation;
import dev.rouse.devcluster.model.talk.Message;
import dev.rouse.devcluster.model.talk.Message.User;
import dev.rouse.devcluster.model.talk.Part.ToolResult;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The point of a conversation at which a turn is played: it knows the value of every reference. */
final class Scene {

  private final Conversation conversation;
  private final List<Played> played;
  private final Map<String, String> groups;

  Scene(Conversation conversation, List<Played> played, Map<String, String> groups) {
    this.conversation = conversation;
    this.played = List.copyOf(played);
    this.groups = Map.copyOf(groups);
  }

  /**
   * What a reference stands for here.
   *
   * @throws UnplayableException if there is no such thing in the conversation
   */
  String value(Reference reference) {
    return switch (reference) {
      case Reference.UserText() -> spoken();
      case Reference.UserBlock(var name) -> block(name);
      case Reference.Group(var name) -> groups.getOrDefault(name, "");
      case Reference.Result(var turn, var index, var line) ->
          lineOf(result(turn, index).text(), line);
    };
  }

  private String spoken() {
    for (Message message : conversation.messages().reversed()) {
      if (message instanceof User user && user.speaks()) {
        return user.text();
      }
    }
    throw new UnplayableException("nobody has spoken yet");
  }

  private String block(String name) {
    var pattern =
        Pattern.compile(
            "^(`{3,})[^\\n`]*(?<=[ `])" + Pattern.quote(name) + "[ ]*\\n(.*?)^\\1[ ]*$",
            Pattern.MULTILINE | Pattern.DOTALL);
    for (Message message : conversation.messages().reversed()) {
      if (message instanceof User user) {
        var block = pattern.matcher(user.text());
        if (block.find()) {
          return block.group(2);
        }
      }
    }
    throw new UnplayableException("nobody has sent a code block '%s'".formatted(name));
  }

  private ToolResult result(@Nullable String turn, int index) {
    List<ToolResult> results = answersTo(turn);
    if (index >= results.size()) {
      throw new UnplayableException(
          "tool result %d of %s was asked for, but there are %d"
              .formatted(
                  index,
                  turn == null ? "the last message" : "turn '" + turn + "'",
                  results.size()));
    }
    return results.get(index);
  }

  private List<ToolResult> answersTo(@Nullable String turn) {
    if (turn == null) {
      return ((User) conversation.messages().getLast()).toolResults();
    }
    return played.reversed().stream()
        .filter(past -> turn.equals(past.turn()))
        .findFirst()
        .map(past -> conversation.messages().get(past.message() + 1))
        .map(message -> ((User) message).toolResults())
        .orElse(List.of());
  }

  private static String lineOf(String text, @Nullable Integer line) {
    if (line == null) {
      return text;
    }
    List<String> lines = text.strip().lines().toList();
    int index = line > 0 ? line - 1 : lines.size() + line;
    if (index < 0 || index >= lines.size()) {
      throw new UnplayableException(
          "line %d of a tool result was asked for, but it has %d".formatted(line, lines.size()));
    }
    return lines.get(index);
  }
}
