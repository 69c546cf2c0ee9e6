package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import dev.rouse.api.WireIds;
import dev.rouse.api.version.DatedVersion;
import dev.rouse.api.wire.AgentWire;
import dev.rouse.session.EventCodec;

/** The wire's agent object (contract §1.2), out of the object and one of its versions. */
final class AgentBody {

  private AgentBody() {}

  static ObjectNode of(Agent agent, DatedVersion dated) {
    ObjectNode body = AgentWire.write(dated.version().spec(), agent.getMetadata().getName());
    body.put("id", WireIds.agent(agent.getMetadata().getUid()));
    body.put("type", "agent");
    body.put("version", dated.version().number());
    body.put("created_at", EventCodec.timestamp(Definitions.createdAt(agent)));
    body.put("updated_at", EventCodec.timestamp(dated.createdAt()));
    body.put(
        "archived_at",
        agent.getSpec().takesSessions() ? null : EventCodec.timestamp(Archives.at(agent)));
    return body;
  }
}
