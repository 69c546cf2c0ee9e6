package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The agent as its author wrote it; the wire's agent body in camelCase. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.metadata) || self.metadata.all(key, size(key) <= 64)",
    fieldPath = ".metadata",
    message = "a key of spec.metadata is longer than 64 characters: shorten it")
@ValidationRule(
    value =
        "!has(self.tools) || self.tools.all(tool, self.tools.exists_one(other, other.type == tool.type))",
    fieldPath = ".tools",
    message = "spec.tools has two entries of the same type: merge them into one")
public record AgentSpec(
    @JsonPropertyDescription("Name shown to people and clients; the object's name if left out.")
        @Size(min = 1, max = 256)
        @Nullable String displayName,
    @JsonPropertyDescription("What the agent is for, for people and for agents that call it.")
        @Size(max = 2048)
        @Nullable String description,
    @Required @JsonPropertyDescription("The model that answers.") Model model,
    @JsonPropertyDescription("The system prompt.") @Size(max = 100_000) @Nullable String system,
    @JsonPropertyDescription("Tools that the model may call; at most one entry of a type.")
        @Size(max = 16)
        List<Tool> tools,
    @JsonPropertyDescription("Free labels for clients; Rouse does not read them.") @Size(max = 16)
        Map<String, @Size(max = 512) String> metadata) {

  public AgentSpec {
    tools = tools == null ? List.of() : List.copyOf(tools);
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
  }

  /** The model by the name that a ModelProvider of the namespace lists. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Model(
      @Required
          @JsonPropertyDescription(
              "Name of the model: listed by one ModelProvider of the namespace, or served by its one"
                  + " default ModelProvider.")
          @Size(min = 1, max = 256)
          String id) {}

  /** One entry of {@code tools}; a union by {@code type}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value =
          "!has(self.configs) || self.configs.all(config, self.configs.exists_one(other, other.name == config.name))",
      fieldPath = ".configs",
      message = "spec.tools[].configs has two entries for the same tool: merge them into one")
  public record Tool(
      @Required
          @JsonPropertyDescription(
              "Kind of entry. agent_toolset_20260401: the built-in tools bash, read, write, edit, glob"
                  + " and grep, run in the session's sandbox.")
          Type type,
      @JsonPropertyDescription("What holds for tools without an entry in configs.")
          @Nullable DefaultConfig defaultConfig,
      @JsonPropertyDescription("Settings by tool; at most one entry of a name.") @Size(max = 16)
          List<Config> configs) {

    public Tool {
      configs = configs == null ? List.of() : List.copyOf(configs);
    }

    /** The kinds of entry that work. */
    public enum Type {
      agent_toolset_20260401
    }
  }

  /** Settings of every tool of a toolset that has none of its own. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record DefaultConfig(
      @JsonPropertyDescription("Whether the tools are offered to the model; true if left out.")
          @Nullable Boolean enabled) {}

  /** Settings of one tool. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Config(
      @Required @JsonPropertyDescription("The tool.") ToolName name,
      @JsonPropertyDescription(
              "Whether the tool is offered to the model; as defaultConfig says if left out.")
          @Nullable Boolean enabled) {}

  /** The built-in tools. */
  public enum ToolName {
    bash,
    read,
    write,
    edit,
    glob,
    grep
  }
}
