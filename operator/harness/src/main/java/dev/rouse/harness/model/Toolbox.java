package dev.rouse.harness.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.tools.AgentToolset;
import dev.rouse.session.tools.ToolDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tools of one agent: what the model is offered, and what a call of it means.
 *
 * <p>Built from the wire's {@code agent.tools}: {@code agent_toolset_20260401} enables built-in
 * tools and gives each its permission policy, {@code custom} adds tools that the client answers.
 * Other entries offer nothing here.
 */
public final class Toolbox {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, Entry> entries;

  private Toolbox(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /** Who answers a call. */
  public sealed interface Kind {

    /** The hands do, if the policy lets them. */
    record BuiltIn(Policy policy) implements Kind {}

    /** The client does. */
    record Custom() implements Kind {}
  }

  /** Whether a call waits for a person (wire contract §3.3). */
  public enum Policy {
    ALWAYS_ALLOW,
    ALWAYS_ASK,
    AUTO;

    /** The policy of this name on the wire; one that is newer than this code asks. */
    static Policy of(String type) {
      return switch (type) {
        case "", "always_allow" -> ALWAYS_ALLOW;
        case "auto" -> AUTO;
        default -> ALWAYS_ASK;
      };
    }
  }

  private record Entry(ToolDefinition spec, Kind kind) {}

  /**
   * The tools that {@code tools} enables.
   *
   * @param tools the wire's tool entries
   * @param builtIn every tool that the hands have
   */
  public static Toolbox of(List<JsonNode> tools, List<ToolDefinition> builtIn) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (JsonNode tool : tools) {
      switch (tool.path("type").asText()) {
        case AgentToolset.TYPE -> addBuiltIn(entries, tool, builtIn);
        case "custom" -> {
          if (tool.path("input_schema") instanceof ObjectNode schema) {
            ToolDefinition spec =
                new ToolDefinition(
                    tool.path("name").asText(), tool.path("description").asText(), schema);
            entries.put(spec.name(), new Entry(spec, new Kind.Custom()));
          }
        }
        default -> {}
      }
    }
    return new Toolbox(entries);
  }

  private static void addBuiltIn(
      Map<String, Entry> entries, JsonNode toolset, List<ToolDefinition> builtIn) {
    JsonNode defaults = toolset.path("default_config");
    Map<String, JsonNode> configs = new LinkedHashMap<>();
    toolset.path("configs").forEach(config -> configs.put(config.path("name").asText(), config));
    for (ToolDefinition spec : builtIn) {
      JsonNode config = configs.getOrDefault(spec.name(), JSON.objectNode());
      if (config.path("enabled").asBoolean(defaults.path("enabled").asBoolean(true))) {
        JsonNode own = config.path("permission_policy").path("type");
        JsonNode inherited = defaults.path("permission_policy").path("type");
        entries.put(
            spec.name(),
            new Entry(spec, new Kind.BuiltIn(Policy.of(own.asText(inherited.asText(""))))));
      }
    }
  }

  /** What the model is offered, in a stable order. */
  public List<ToolDefinition> specs() {
    return new ArrayList<>(entries.values()).stream().map(Entry::spec).toList();
  }

  /** Who answers a call of {@code name}, or empty if the agent has no such tool. */
  public Optional<Kind> kind(String name) {
    return Optional.ofNullable(entries.get(name)).map(Entry::kind);
  }
}
