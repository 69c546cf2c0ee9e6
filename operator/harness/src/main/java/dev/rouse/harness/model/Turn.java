package dev.rouse.harness.model;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import java.util.List;

/**
 * What one speaker says before the other does.
 *
 * @param parts never empty; results come first, in the order of the calls they answer
 */
public record Turn(Role role, List<Part> parts) {

  public Turn {
    parts = List.copyOf(parts);
  }

  /** Who speaks: tool results are the user's words, as every protocol has it. */
  public enum Role {
    USER,
    ASSISTANT
  }

  /** A piece of a turn. */
  public sealed interface Part {

    /** A block that is neither blank nor redacted. */
    record Said(ContentBlock block) implements Part {}

    /** The model calls a tool. */
    record Called(AgentEvent.Call call) implements Part {

      private static final int LONGEST_NAME = 64;

      /**
       * The tool's name in the letters that every provider takes. Models invent names, and one that
       * is refused would lock the session for ever.
       */
      public String name() {
        String name = call.name().replaceAll("[^a-zA-Z0-9_-]", "_");
        return name.isEmpty()
            ? "unnamed"
            : name.substring(0, Math.min(name.length(), LONGEST_NAME));
      }
    }

    /** What came of a call. */
    record Result(String callId, List<ContentBlock> content, boolean isError) implements Part {
      public Result {
        content = List.copyOf(content);
      }
    }
  }
}
