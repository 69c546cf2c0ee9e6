package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.api.wire.AgentModels;
import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionState;
import java.time.Instant;

/** The wire's session object (contract §1.5), out of the object and its log. */
final class SessionBody {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private SessionBody() {}

  static ObjectNode of(Session session, SessionState state, InternalEvent.Created created) {
    Instant made = Instant.parse(session.getMetadata().getCreationTimestamp());
    ObjectNode body = JSON.objectNode();
    body.put("id", WireIds.session(session.getMetadata().getUid()));
    body.put("type", "session");
    body.set("agent", agent(created));
    body.put("environment_id", created.environment().path("id").asText(""));
    body.put("title", session.getSpec().title());
    body.set("metadata", EventCodec.JSON.valueToTree(session.getSpec().metadata()));
    body.put("status", state.phase().wireName());
    body.set("usage", usage(state.usage()));
    body.set("stats", JSON.objectNode());
    body.putNull("budget");
    body.putArray("resources");
    body.putArray("vault_ids");
    body.putArray("outcome_evaluations");
    body.put("created_at", EventCodec.timestamp(made));
    body.put("updated_at", EventCodec.timestamp(state.lastAt()));
    body.putNull("archived_at");
    return body;
  }

  /** The snapshot of record 0, with the nulls that the wire requires. */
  private static JsonNode agent(InternalEvent.Created created) {
    ObjectNode agent = EventCodec.JSON.valueToTree(created.agent());
    for (String field : new String[] {"description", "system", "multiagent"}) {
      if (!agent.has(field)) {
        agent.putNull(field);
      }
    }
    if (agent.path("model") instanceof ObjectNode model) {
      agent.set("model", AgentModels.resolve(model));
    }
    if (!agent.has("type")) {
      agent.put("type", "agent");
    }
    return agent;
  }

  private static ObjectNode usage(ModelUsage usage) {
    ObjectNode body = JSON.objectNode();
    body.put("input_tokens", usage.inputTokens());
    body.put("output_tokens", usage.outputTokens());
    body.put("cache_read_input_tokens", usage.cacheReadInputTokens());
    body.putObject("cache_creation")
        .put("ephemeral_5m_input_tokens", usage.cacheCreationInputTokens())
        .put("ephemeral_1h_input_tokens", 0);
    return body;
  }
}
