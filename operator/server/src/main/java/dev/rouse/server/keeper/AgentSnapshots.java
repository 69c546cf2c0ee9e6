package dev.rouse.server.keeper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.WireIds;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.api.wire.AgentModels;
import dev.rouse.api.wire.AgentTools;
import dev.rouse.api.wire.AgentWire;
import dev.rouse.session.AgentSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An Agent as the wire shows it inside a session, with every default resolved, so that a reader
 * needs no other source (contract §1.5). Only {@code model} holds what the author said and no more:
 * a brain passes it on, and not every model knows every setting.
 */
final class AgentSnapshots {

  private AgentSnapshots() {}

  static AgentSnapshot of(Agent agent, AgentVersion version) {
    AgentSpec spec = version.spec();
    List<JsonNode> tools = new ArrayList<>();
    AgentTools.write(spec.tools()).forEach(tools::add);
    Map<String, JsonNode> more = new LinkedHashMap<>(AgentWire.fixed());
    more.put("type", TextNode.valueOf("agent"));
    return new AgentSnapshot(
        WireIds.agent(agent.getMetadata().getUid()),
        version.number(),
        AgentWire.name(spec, agent.getMetadata().getName()),
        spec.description(),
        AgentModels.said(spec.model()),
        spec.system(),
        tools,
        more);
  }
}
