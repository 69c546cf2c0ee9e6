package dev.rouse.api.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.AgentSpec.Config;
import dev.rouse.api.AgentSpec.DefaultConfig;
import dev.rouse.api.AgentSpec.PermissionPolicy;
import dev.rouse.api.AgentSpec.Tool;
import dev.rouse.api.AgentSpec.ToolName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The field {@code tools} of an agent (contract §3.1, §3.3, §3.4). */
public final class AgentTools {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST = 256;

  /** The built-in tools that no sandbox has: listed, as the wire does, and off. */
  private static final Map<ToolName, Absent> WEB =
      Map.of(ToolName.web_fetch, Absent.WEB_FETCH, ToolName.web_search, Absent.WEB_SEARCH);

  private AgentTools() {}

  /**
   * The tools that a body's field {@code tools} names; none if it is absent, null or empty.
   *
   * @throws InvalidBody when a rule is broken or a kind of tool is not available
   */
  public static List<Tool> read(Body body) throws InvalidBody {
    List<Tool> tools = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Body entry : body.objects("tools")) {
      Tool tool = tool(entry);
      entry.refuseUnknown();
      if (!names.add(Objects.requireNonNullElse(tool.name(), ""))) {
        throw tool.name() == null
            ? InvalidBody.at(
                entry.path("type"), "agent_toolset_20260401 may be there once: merge the entries")
            : InvalidBody.at(
                entry.path("name"), "there is another custom tool of the name " + tool.name());
      }
      tools.add(tool);
    }
    count(tools, body.path("tools"));
    return List.copyOf(tools);
  }

  private static void count(List<Tool> tools, String path) throws InvalidBody {
    int count = 0;
    for (Tool tool : tools) {
      count += tool.type() == Tool.Type.custom ? 1 : ToolName.values().length - WEB.size();
    }
    if (count > MOST) {
      throw InvalidBody.at(
          path,
          "an agent may have at most %d tools, the built-in ones counted; these are %d"
              .formatted(MOST, count));
    }
  }

  /**
   * The rule that tools of an object break though its schema lets them pass, for they came past the
   * API; empty if none.
   *
   * @param path of the tools, as the object spells it
   * @return for people: names the field
   */
  public static Optional<String> fault(List<Tool> tools, String path) {
    Optional<String> absent = absent(tools, path);
    if (absent.isPresent()) {
      return absent;
    }
    try {
      count(tools, path);
      for (int i = 0; i < tools.size(); i++) {
        CustomToolRules.check(tools.get(i), path + "[" + i + "]");
      }
      return Optional.empty();
    } catch (InvalidBody e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * The tool of an object's tools that this version does not have; empty if none.
   *
   * @param path of the tools, as the object spells it
   * @return for people: names the field and the page
   */
  public static Optional<String> absent(List<Tool> tools, String path) {
    for (int i = 0; i < tools.size(); i++) {
      List<Config> configs = tools.get(i).configs();
      for (int j = 0; j < configs.size(); j++) {
        Absent web = WEB.get(configs.get(j).name());
        if (web != null && isEnabled(configs.get(j), tools.get(i).defaultConfig())) {
          return Optional.of("%s[%d].configs[%d].name: %s".formatted(path, i, j, web.message()));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isEnabled(Config config, @Nullable DefaultConfig defaults) {
    return Objects.requireNonNullElse(config.enabled(), isEnabled(defaults));
  }

  private static boolean isEnabled(@Nullable DefaultConfig defaults) {
    return defaults == null || !Boolean.FALSE.equals(defaults.enabled());
  }

  private static Tool tool(Body body) throws InvalidBody {
    String type = body.requiredText("type", 0, Integer.MAX_VALUE);
    return switch (type) {
      case "agent_toolset_20260401" -> builtIn(body);
      case "custom" -> CustomToolRules.read(body);
      case "mcp_toolset" -> throw InvalidBody.later(body.path("type"), Absent.MCP);
      default ->
          throw InvalidBody.at(
              body.path("type"),
              "must be agent_toolset_20260401 or custom, is \"%s\"".formatted(type));
    };
  }

  private static Tool builtIn(Body body) throws InvalidBody {
    Body defaults = body.object("default_config").orElse(null);
    DefaultConfig defaultConfig = null;
    if (defaults != null) {
      defaultConfig = new DefaultConfig(defaults.bool("enabled"), policy(defaults));
      defaults.refuseUnknown();
    }
    List<Config> configs = new ArrayList<>();
    Set<ToolName> seen = new HashSet<>();
    for (Body entry : body.objects("configs")) {
      Config config = config(entry, defaultConfig);
      entry.refuseUnknown();
      if (!seen.add(config.name())) {
        throw InvalidBody.at(
            entry.path("name"), "there is another entry for " + config.name() + ": merge them");
      }
      // What is off and cannot be turned on needs no place in the object.
      if (!WEB.containsKey(config.name())) {
        configs.add(config);
      }
    }
    boolean empty =
        defaultConfig == null
            || (defaultConfig.enabled() == null && defaultConfig.permissionPolicy() == null);
    return Tool.builtIn(empty ? null : defaultConfig, configs);
  }

  private static Config config(Body body, @Nullable DefaultConfig defaults) throws InvalidBody {
    String name = body.requiredText("name", 1, CustomToolRules.NAME);
    ToolName tool = Objects.requireNonNull(body.choice("name", ToolName.class));
    String type = body.text("type", 0, Integer.MAX_VALUE);
    if (type != null && !type.equals(name)) {
      throw InvalidBody.at(body.path("type"), "must be the same as name, \"%s\"".formatted(name));
    }
    Config config = new Config(tool, body.bool("enabled"), policy(body));
    Absent web = WEB.get(tool);
    if (web != null) {
      if (isEnabled(config, defaults)) {
        throw InvalidBody.later(body.path(body.has("enabled") ? "enabled" : "name"), web);
      }
      for (String setting : settingsOf(tool)) {
        if (body.value(setting) != null) {
          throw InvalidBody.later(body.path(setting), web);
        }
      }
    }
    return config;
  }

  private static List<String> settingsOf(ToolName web) {
    return web == ToolName.web_fetch
        ? List.of("allowed_domains", "blocked_domains", "max_content_tokens", "url_sources")
        : List.of("allowed_domains", "blocked_domains", "user_location");
  }

  private static @Nullable PermissionPolicy policy(Body body) throws InvalidBody {
    Body policy = body.object("permission_policy").orElse(null);
    if (policy == null) {
      return null;
    }
    policy.required("type");
    PermissionPolicy.Type type =
        Objects.requireNonNull(policy.choice("type", PermissionPolicy.Type.class));
    policy.refuseUnknown();
    return new PermissionPolicy(type);
  }

  /** The tools on the wire, with every default resolved. */
  public static ArrayNode write(List<Tool> tools) {
    ArrayNode json = JSON.arrayNode();
    tools.forEach(tool -> json.add(write(tool)));
    return json;
  }

  private static JsonNode write(Tool tool) {
    return switch (tool.type()) {
      case agent_toolset_20260401 -> writeBuiltIn(tool);
      case custom ->
          JSON.objectNode()
              .put("type", "custom")
              .put("name", tool.name())
              .put("description", tool.description())
              .set("input_schema", tool.inputSchema());
    };
  }

  private static JsonNode writeBuiltIn(Tool tool) {
    DefaultConfig defaults = tool.defaultConfig();
    boolean enabled = isEnabled(defaults);
    PermissionPolicy policy =
        Objects.requireNonNullElse(
            defaults == null ? null : defaults.permissionPolicy(),
            new PermissionPolicy(PermissionPolicy.Type.always_allow));
    ObjectNode json = JSON.objectNode().put("type", tool.type().name());
    json.set("default_config", settings(JSON.objectNode(), enabled, policy));
    ArrayNode configs = json.putArray("configs");
    for (Config config : tool.configs()) {
      if (!WEB.containsKey(config.name())) {
        configs.add(
            settings(
                named(config.name()),
                isEnabled(config, defaults),
                Objects.requireNonNullElse(config.permissionPolicy(), policy)));
      }
    }
    for (ToolName web : List.of(ToolName.web_fetch, ToolName.web_search)) {
      boolean asked =
          tool.configs().stream().anyMatch(it -> it.name() == web && isEnabled(it, defaults));
      configs.add(settings(named(web), asked, policy));
      if (web == ToolName.web_fetch) {
        ((ObjectNode) configs.get(configs.size() - 1)).putNull("url_sources");
      }
    }
    return json;
  }

  private static ObjectNode named(ToolName tool) {
    return JSON.objectNode().put("type", tool.name()).put("name", tool.name());
  }

  private static ObjectNode settings(ObjectNode json, boolean enabled, PermissionPolicy policy) {
    json.put("enabled", enabled);
    json.putObject("permission_policy").put("type", policy.type().name());
    return json;
  }
}
