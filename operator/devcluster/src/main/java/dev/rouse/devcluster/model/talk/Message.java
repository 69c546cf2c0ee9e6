package dev.rouse.devcluster.model.talk;

import dev.rouse.devcluster.model.talk.Part.Text;
import dev.rouse.devcluster.model.talk.Part.ToolResult;
import dev.rouse.devcluster.model.talk.Part.ToolUse;
import java.util.List;

/** One message of a conversation. */
public sealed interface Message {

  List<Part> parts();

  /** What people and tools say. */
  record User(List<Part> parts) implements Message {
    public User {
      parts = List.copyOf(parts);
    }

    public List<ToolResult> toolResults() {
      return Message.only(ToolResult.class, parts);
    }

    /** Whether a person's words are in it, rather than tool results alone. */
    public boolean speaks() {
      return parts.stream().anyMatch(Text.class::isInstance);
    }

    /** The person's words; empty when there are none. */
    public String text() {
      return Part.textOf(parts);
    }
  }

  /** What the model says. */
  record Assistant(List<Part> parts) implements Message {
    public Assistant {
      parts = List.copyOf(parts);
    }

    public List<ToolUse> toolUses() {
      return Message.only(ToolUse.class, parts);
    }
  }

  private static <P extends Part> List<P> only(Class<P> kind, List<Part> parts) {
    return parts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
