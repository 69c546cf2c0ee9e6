package dev.rouse.server.keeper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.WireIds;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.session.AgentSnapshot;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An Agent as the wire shows it inside a session: snake_case, with every default resolved, so that
 * a reader needs no other source (contract §1.5, §3.1).
 */
final class AgentSnapshots {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private AgentSnapshots() {}

  static AgentSnapshot of(Agent agent, AgentVersion version) {
    AgentSpec spec = version.spec();
    return new AgentSnapshot(
        WireIds.agent(agent.getMetadata().getUid()),
        version.number(),
        Objects.requireNonNullElse(spec.displayName(), agent.getMetadata().getName()),
        spec.description(),
        JSON.objectNode().put("id", spec.model().id()),
        spec.system(),
        spec.tools().stream().map(AgentSnapshots::tool).toList(),
        more());
  }

  /** Fields that the wire requires and that no Agent can set yet. */
  private static Map<String, JsonNode> more() {
    return Map.of(
        "type", JSON.textNode("agent"),
        "mcp_servers", JSON.arrayNode(),
        "skills", JSON.arrayNode(),
        "execution_identity", JSON.objectNode().put("type", "service_account"));
  }

  private static JsonNode tool(AgentSpec.Tool tool) {
    AgentSpec.DefaultConfig defaults = tool.defaultConfig();
    boolean enabled = enabled(defaults == null ? null : defaults.enabled(), true);
    ObjectNode json = JSON.objectNode().put("type", tool.type().name());
    json.set("default_config", config(JSON.objectNode(), enabled));
    var configs = json.putArray("configs");
    tool.configs()
        .forEach(it ->
            configs.add(
                config(
                    JSON.objectNode().put("type", it.name().name()).put("name", it.name().name()),
                    enabled(it.enabled(), enabled))));
    return json;
  }

  private static ObjectNode config(ObjectNode json, boolean enabled) {
    json.put("enabled", enabled);
    json.putObject("permission_policy").put("type", "always_allow");
    return json;
  }

  private static boolean enabled(@Nullable Boolean value, boolean otherwise) {
    return value == null ? otherwise : value;
  }
}
