package dev.rouse.devcluster.model.talk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes conversations for tests, one message after the other. */
public final class Talk {

  private final List<Message> messages = new ArrayList<>();
  private String system = "be good";

  public static Talk of(String firstWords) {
    return new Talk().user(firstWords);
  }

  public static Talk empty() {
    return new Talk();
  }

  public Talk system(String text) {
    system = text;
    return this;
  }

  public Talk user(String text) {
    return user(new Part.Text(text));
  }

  public Talk user(Part... parts) {
    messages.add(new Message.User(List.of(parts)));
    return this;
  }

  public Talk says(String text) {
    return says(new Part.Text(text));
  }

  public Talk says(Part... parts) {
    messages.add(new Message.Assistant(List.of(parts)));
    return this;
  }

  /** The model calls bash, and this is the result. */
  public Talk ran(String id, String command, String output) {
    return says(use(id, command)).user(result(id, output));
  }

  public Conversation talk() {
    return new Conversation("m", system, messages, Set.of("bash", "write"));
  }

  public static Part.ToolUse use(String id, String command) {
    return new Part.ToolUse(
        id, "bash", JsonNodeFactory.instance.objectNode().put("command", command));
  }

  public static Part.ToolResult result(String id, String output) {
    return new Part.ToolResult(id, List.of(new Part.Text(output)), false);
  }

  public static Part.ToolResult failure(String id, String output) {
    return new Part.ToolResult(id, List.of(new Part.Text(output)), true);
  }
}
