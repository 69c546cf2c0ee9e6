package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.api.wire.AgentModels;
import dev.rouse.api.wire.AgentWire;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The wire's session object (contract §1.5), out of the object and its log. */
final class SessionBody {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final double MILLIS = 1000.0;

  private SessionBody() {}

  /** The body of a session that has begun. */
  static ObjectNode of(Session session, SessionState state) {
    InternalEvent.Created created = Objects.requireNonNull(state.created());
    Instant made = Instant.parse(session.getMetadata().getCreationTimestamp());
    ObjectNode body = JSON.objectNode();
    body.put("id", WireIds.session(session.getMetadata().getUid()));
    body.put("type", "session");
    body.set("agent", agent(Objects.requireNonNull(state.agent())));
    body.put("environment_id", created.environment().path("id").asText(""));
    body.put("title", state.title());
    body.set("metadata", EventCodec.JSON.valueToTree(state.metadata()));
    body.put("status", state.phase().wireName());
    body.set(
        "usage",
        usage(state.usageWithCost(ModelUsage.ZERO)).put("active_seconds", seconds(state.active())));
    body.putObject("stats").put("active_seconds", seconds(state.active()));
    body.set("budget", state.budget() == null ? null : state.budget().json());
    body.putArray("resources");
    body.putArray("vault_ids");
    body.putArray("outcome_evaluations");
    body.put("created_at", EventCodec.timestamp(made));
    body.put("updated_at", EventCodec.timestamp(state.lastAt()));
    body.put("archived_at", archivedAt(session, state).map(EventCodec::timestamp).orElse(null));
    return body;
  }

  /** When an archived session ended; empty while it has not, and for what ended otherwise. */
  static Optional<Instant> archivedAt(Session session, SessionState state) {
    return Optional.ofNullable(state.terminatedAt())
        .filter(_ -> session.getSpec().isToBeArchived());
  }

  /** A snapshot with the nulls that the wire requires. */
  static ObjectNode agent(AgentSnapshot snapshot) {
    return agent(EventCodec.JSON.<ObjectNode>valueToTree(snapshot));
  }

  /** The same of a snapshot as it stands in the log, which is completed in place. */
  static ObjectNode agent(ObjectNode agent) {
    for (String field : List.of("description", "system", "multiagent")) {
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
    // Those of an imported log may be older than the fields.
    AgentWire.fixed().forEach(agent::putIfAbsent);
    return agent;
  }

  /** What models took and cost, without the time that the session was at work. */
  static ObjectNode usage(ModelUsage usage) {
    ObjectNode body = JSON.objectNode();
    body.put("input_tokens", usage.inputTokens());
    body.put("output_tokens", usage.outputTokens());
    body.put("cache_read_input_tokens", usage.cacheReadInputTokens());
    body.putObject("cache_creation")
        .put("ephemeral_5m_input_tokens", usage.cacheCreationInputTokens())
        .put("ephemeral_1h_input_tokens", 0);
    body.set("list_cost", usage.more().get(ModelUsage.LIST_COST));
    body.putNull("server_tool_use");
    return body;
  }

  static double seconds(Duration time) {
    return time.toMillis() / MILLIS;
  }
}
