package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The agent that a session runs with, fixed in record 0. Later changes of the Agent never touch it.
 *
 * @param id the agent's wire id, {@code agent_…}
 * @param version the pinned version, from 1
 * @param name the agent's wire name
 * @param description what the agent is for
 * @param model the wire's model object; {@code id} is the name that a ModelProvider lists
 * @param system the system prompt
 * @param tools the wire's tool entries, unions by {@code type}
 * @param more every other wire field, as it was
 */
public record AgentSnapshot(
    String id,
    int version,
    String name,
    @Nullable String description,
    ObjectNode model,
    @Nullable String system,
    List<JsonNode> tools,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {

  public AgentSnapshot {
    tools = tools == null ? List.of() : List.copyOf(tools);
    more = Kept.inOrder(more);
  }
}
