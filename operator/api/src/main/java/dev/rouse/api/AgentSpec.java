package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Pattern;
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
        "!has(self.tools) || self.tools.filter(tool, tool.type == 'agent_toolset_20260401').size() <= 1",
    fieldPath = ".tools",
    message = "spec.tools has two entries of type agent_toolset_20260401: merge them into one")
@ValidationRule(
    value =
        "!has(self.tools) || self.tools.all(tool, !has(tool.name) || self.tools.exists_one(other, has(other.name) && other.name == tool.name))",
    fieldPath = ".tools",
    message = "spec.tools has two custom tools of the same name: rename one")
@ValidationRule(
    value = "!has(oldSelf.archived) || !oldSelf.archived || (has(self.archived) && self.archived)",
    fieldPath = ".archived",
    message = "spec.archived may not go back to false: create a new Agent")
public record AgentSpec(
    @JsonPropertyDescription("Name shown to people and clients; the object's name if left out.")
        @Size(min = 1, max = 256)
        @Nullable String displayName,
    @JsonPropertyDescription("What the agent is for, for people and for agents that call it.")
        @Size(max = 2048)
        @Nullable String description,
    @Required @JsonPropertyDescription("The model that answers.") Model model,
    @JsonPropertyDescription("The system prompt.") @Size(max = 100_000) @Nullable String system,
    @JsonPropertyDescription(
            "Tools that the model may call: at most one built-in toolset, and custom tools.")
        @Size(max = 256)
        List<Tool> tools,
    @JsonPropertyDescription("Free labels for clients; Rouse does not read them.") @Size(max = 16)
        Map<String, @Size(max = 512) String> metadata,
    @JsonPropertyDescription(
            "true: no new Session may use the agent; those that exist go on. Stays true for ever.")
        @Nullable Boolean archived) {

  public AgentSpec {
    tools = tools == null ? List.of() : List.copyOf(tools);
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
  }

  /** Whether new Sessions may use the agent. */
  public boolean takesSessions() {
    return !Boolean.TRUE.equals(archived);
  }

  /** What makes a version: everything but {@code archived}, which says nothing about the agent. */
  public AgentSpec content() {
    return archived == null
        ? this
        : new AgentSpec(displayName, description, model, system, tools, metadata, null);
  }

  /** The model by the name that a ModelProvider of the namespace lists. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Model(
      @Required
          @JsonPropertyDescription(
              "Name of the model: listed by one ModelProvider of the namespace, or served by its one"
                  + " default ModelProvider.")
          @Size(min = 1, max = 256)
          String id,
      @JsonPropertyDescription(
              "How much the model thinks before it answers; the provider's default if left out.")
          @Nullable Effort effort,
      @JsonPropertyDescription("How fast the model answers; standard if left out.")
          @Nullable Speed speed) {

    /** A model of which nothing but its name is said. */
    public static Model of(String id) {
      return new Model(id, null, null);
    }

    /** How much a model thinks. */
    public enum Effort {
      low,
      medium,
      high,
      xhigh,
      max
    }

    /** How fast a model answers. */
    public enum Speed {
      standard
    }
  }

  /**
   * One entry of {@code tools}; a union by {@code type}.
   *
   * @param type decides which of the others may be given
   * @param defaultConfig of a built-in toolset
   * @param configs of a built-in toolset
   * @param name of a custom tool
   * @param description of a custom tool
   * @param inputSchema of a custom tool: a JSON schema of type object; not to be changed
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value =
          "!has(self.configs) || self.configs.all(config, self.configs.exists_one(other, other.name == config.name))",
      fieldPath = ".configs",
      message = "spec.tools[].configs has two entries for the same tool: merge them into one")
  @ValidationRule(
      value =
          "self.type != 'custom' || (has(self.name) && has(self.description) && has(self.inputSchema))",
      message = "an entry of spec.tools of type custom needs name, description and inputSchema")
  @ValidationRule(
      value = "self.type != 'custom' || (!has(self.defaultConfig) && !has(self.configs))",
      message =
          "an entry of spec.tools of type custom may not have defaultConfig or configs: the client runs the tool and decides")
  @ValidationRule(
      value =
          "self.type == 'custom' || (!has(self.name) && !has(self.description) && !has(self.inputSchema))",
      message =
          "only an entry of spec.tools of type custom may have name, description and inputSchema")
  @ValidationRule(
      value =
          "!has(self.name) || !(self.name.startsWith('mcp__') || self.name in ['bash', 'read', 'write', 'edit', 'glob', 'grep', 'web_fetch', 'web_search'])",
      fieldPath = ".name",
      message =
          "spec.tools[].name of a custom tool may not be that of a built-in tool or begin with mcp__: rename it")
  public record Tool(
      @Required
          @JsonPropertyDescription(
              "Kind of entry. agent_toolset_20260401: the built-in tools bash, read, write, edit, glob"
                  + " and grep, run in the session's sandbox. custom: a tool that the client runs.")
          Type type,
      @JsonPropertyDescription("What holds for tools without an entry in configs.")
          @Nullable DefaultConfig defaultConfig,
      @JsonPropertyDescription("Settings by tool; at most one entry of a name.") @Size(max = 16)
          List<Config> configs,
      @JsonPropertyDescription("Name of the custom tool.")
          @Size(min = 1, max = 128)
          @Pattern("^[A-Za-z0-9_-]+$")
          @Nullable String name,
      @JsonPropertyDescription("What the custom tool does, for the model.")
          @Size(min = 1, max = 65_536)
          @Nullable String description,
      @JsonPropertyDescription("JSON schema of the custom tool's input, of type object.")
          @Nullable JsonNode inputSchema) {

    public Tool {
      configs = configs == null ? List.of() : List.copyOf(configs);
      inputSchema = inputSchema == null ? null : PlainJson.copy(inputSchema);
    }

    /** The built-in tools with these settings. */
    public static Tool builtIn(@Nullable DefaultConfig defaultConfig, List<Config> configs) {
      return new Tool(Type.agent_toolset_20260401, defaultConfig, configs, null, null, null);
    }

    /** A tool that the client runs. */
    public static Tool custom(String name, String description, JsonNode inputSchema) {
      return new Tool(Type.custom, null, List.of(), name, description, inputSchema);
    }

    /** The kinds of entry that work. */
    public enum Type {
      agent_toolset_20260401,
      custom
    }
  }

  /** Settings of every tool of a toolset that has none of its own. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DefaultConfig(
      @JsonPropertyDescription("Whether the tools are offered to the model; true if left out.")
          @Nullable Boolean enabled,
      @JsonPropertyDescription("Whether a call waits for a person; always_allow if left out.")
          @Nullable PermissionPolicy permissionPolicy) {}

  /** Settings of one tool. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Config(
      @Required
          @JsonPropertyDescription(
              "The tool. web_fetch and web_search may only be named with enabled: false.")
          ToolName name,
      @JsonPropertyDescription(
              "Whether the tool is offered to the model; as defaultConfig says if left out.")
          @Nullable Boolean enabled,
      @JsonPropertyDescription(
              "Whether a call waits for a person; as defaultConfig says if left out.")
          @Nullable PermissionPolicy permissionPolicy) {}

  /** Whether a call waits for a person. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PermissionPolicy(
      @Required
          @JsonPropertyDescription(
              "always_allow: the call is made. always_ask: the session waits until a person allows or"
                  + " denies it. auto: each call is judged; what cannot be judged is asked.")
          Type type) {
    public enum Type {
      always_allow,
      always_ask,
      auto
    }
  }

  /** The built-in tools. */
  public enum ToolName {
    bash,
    read,
    write,
    edit,
    glob,
    grep,
    /** May be named to be off; nothing runs it. */
    web_fetch,
    /** The same. */
    web_search
  }
}
