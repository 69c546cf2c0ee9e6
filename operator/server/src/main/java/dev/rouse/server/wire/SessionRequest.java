package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.SessionSpec;
import dev.rouse.session.Ids;
import dev.rouse.session.UserEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/sessions} (contract §1.5).
 *
 * @param agentId the agent's wire id
 * @param agentVersion the version that is asked for; null for the newest
 * @param overrides what the session does otherwise; null for nothing
 * @param environmentId the environment's wire id
 * @param title null for none
 * @param metadata may be empty
 * @param input the first events, with ids minted; may be empty
 */
record SessionRequest(
    String agentId,
    @Nullable Integer agentVersion,
    SessionSpec.@Nullable Overrides overrides,
    String environmentId,
    @Nullable String title,
    Map<String, String> metadata,
    List<UserEvent> input) {

  static final int MAX_TITLE = 256;
  static final int MAX_METADATA = 16;
  private static final int MAX_KEY = 64;
  private static final int MAX_VALUE = 512;
  private static final int ID = 256;
  private static final int SYSTEM = 100_000;

  SessionRequest {
    metadata = Map.copyOf(metadata);
    input = List.copyOf(input);
  }

  static SessionRequest of(Fields body, Ids ids) throws WireError {
    JsonNode agent = body.required("agent", "an agent's id, or an object with type and id");
    Fields chosen = agent.isTextual() ? null : Fields.of(agent, "agent");
    String type = chosen == null ? "agent" : chosen.oneOf("type", "agent", "agent_with_overrides");
    String agentId =
        chosen == null ? body.requiredText("agent", 1, ID) : chosen.requiredText("id", 1, ID);
    Integer version = chosen == null ? null : chosen.number("version").orElse(null);
    SessionSpec.Overrides overrides =
        chosen != null && type.equals("agent_with_overrides") ? overrides(chosen) : null;
    if (chosen != null) {
      chosen.end();
    }
    String environment = body.requiredText("environment_id", 1, ID);
    String title = title(body);
    Map<String, String> metadata = new HashMap<>();
    metadata(body).forEach((key, value) -> value.ifPresent(text -> metadata.put(key, text)));
    full(metadata.size());
    for (String later : List.of("resources", "vault_ids", "budget")) {
      body.notYet(later);
    }
    List<UserEvent> input = SentEvents.initial(body, ids);
    body.end();
    return new SessionRequest(agentId, version, overrides, environment, title, metadata, input);
  }

  /** A title; an empty one is none. */
  static @Nullable String title(Fields body) throws WireError {
    return body.text("title", 0, MAX_TITLE).filter(text -> !text.isEmpty()).orElse(null);
  }

  /** Pairs to set, and keys to remove: those that are null. */
  static Map<String, Optional<String>> metadata(Fields body) throws WireError {
    Map<String, Optional<String>> pairs = new HashMap<>();
    Optional<Fields> given = body.object("metadata");
    if (given.isEmpty()) {
      return pairs;
    }
    for (String key : (Iterable<String>) given.get().json()::fieldNames) {
      if (key.isEmpty() || key.length() > MAX_KEY) {
        throw WireError.invalid(
            "metadata: expected keys of 1 to %d characters, found \"%s\""
                .formatted(MAX_KEY, Fields.brief(key)));
      }
      pairs.put(key, given.get().text(key, 0, MAX_VALUE));
    }
    return pairs;
  }

  /** Refuses more pairs than a session may have. */
  static void full(int pairs) throws WireError {
    if (pairs > MAX_METADATA) {
      throw WireError.invalid(
          "metadata: expected at most %d pairs, found %d".formatted(MAX_METADATA, pairs));
    }
  }

  private static SessionSpec.Overrides overrides(Fields chosen) throws WireError {
    AgentSpec.Model model = null;
    if (chosen.has("model")) {
      model =
          OverrideModel.of(
              chosen
                  .value("model")
                  .orElseThrow(() ->
                      WireError.invalid(
                          "agent_model_required",
                          "agent.model: a session needs a model; leave the field out to use the"
                              + " agent's")));
    }
    String system = chosen.has("system") ? chosen.text("system", 0, SYSTEM).orElse("") : null;
    List<AgentSpec.Tool> tools = chosen.has("tools") ? SessionTools.of(chosen) : null;
    chosen.notYet("mcp_servers");
    chosen.notYet("skills");
    return new SessionSpec.Overrides(model, system, tools);
  }
}
