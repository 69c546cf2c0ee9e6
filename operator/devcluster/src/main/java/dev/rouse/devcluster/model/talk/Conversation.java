package dev.rouse.devcluster.model.talk;

import java.util.List;
import java.util.Set;

/**
 * A request to the model, freed of its protocol.
 *
 * @param system the system prompt; empty when there is none
 * @param messages oldest first
 * @param tools the names of the tools offered
 */
public record Conversation(String model, String system, List<Message> messages, Set<String> tools) {

  public Conversation {
    messages = List.copyOf(messages);
    tools = Set.copyOf(tools);
  }

  /** The same conversation as it was when only its first {@code count} messages existed. */
  public Conversation upTo(int count) {
    return new Conversation(model, system, messages.subList(0, count), tools);
  }
}
