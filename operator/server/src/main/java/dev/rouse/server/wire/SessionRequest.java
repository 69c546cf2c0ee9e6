package dev.rouse.server.wire;

import dev.rouse.api.AgentSpec;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.wire.AgentModels;
import dev.rouse.api.wire.AgentTools;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.BudgetWire;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.api.wire.Metadata;
import dev.rouse.session.Ids;
import dev.rouse.session.UserEvent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * @param budget null for none
 */
record SessionRequest(
    String agentId,
    @Nullable Integer agentVersion,
    SessionSpec.@Nullable Overrides overrides,
    String environmentId,
    @Nullable String title,
    Map<String, String> metadata,
    List<UserEvent> input,
    SessionSpec.@Nullable Budget budget) {

  private static final int MAX_TITLE = 256;
  private static final int ID = 256;
  private static final int SYSTEM = 100_000;

  SessionRequest {
    metadata = Map.copyOf(metadata);
    input = List.copyOf(input);
  }

  static SessionRequest of(Body body, Ids ids) throws InvalidBody {
    boolean isPlain = body.required("agent").isTextual();
    Body chosen = isPlain ? body : body.requiredObject("agent");
    String type = isPlain ? "agent" : chosen.word("type", "agent", "agent_with_overrides");
    String agentId = chosen.requiredText(isPlain ? "agent" : "id", 1, ID);
    Integer version = isPlain ? null : chosen.positive("version");
    SessionSpec.Overrides overrides =
        type.equals("agent_with_overrides") ? overrides(chosen) : null;
    if (!isPlain) {
      chosen.refuseUnknown();
    }
    String environment = body.requiredText("environment_id", 1, ID);
    String title = title(body);
    Map<String, String> metadata = Metadata.merge(Map.of(), body, false);
    for (String later : List.of("resources", "vault_ids")) {
      body.refuseLaterEntries(later);
    }
    SessionSpec.Budget budget = BudgetWire.read(body);
    List<UserEvent> input = SentEvents.initial(body, ids);
    body.refuseUnknown();
    return new SessionRequest(
        agentId, version, overrides, environment, title, metadata, input, budget);
  }

  /** A title; an empty one is none. */
  static @Nullable String title(Body body) throws InvalidBody {
    return body.clearableText("title", MAX_TITLE);
  }

  private static SessionSpec.Overrides overrides(Body chosen) throws InvalidBody {
    String system =
        chosen.has("system")
            ? Objects.requireNonNullElse(chosen.text("system", 0, SYSTEM), "")
            : null;
    List<AgentSpec.Tool> tools = chosen.has("tools") ? AgentTools.read(chosen) : null;
    chosen.refuseLaterEntries("mcp_servers");
    chosen.refuseLaterEntries("skills");
    return new SessionSpec.Overrides(model(chosen), system, tools);
  }

  /** A session's model works at its default effort, whatever is asked for (contract §1.5). */
  private static AgentSpec.@Nullable Model model(Body chosen) throws InvalidBody {
    Optional<AgentSpec.Model> model = AgentModels.read(chosen, null);
    if (chosen.has("model") && model.isEmpty()) {
      throw InvalidBody.coded(
          chosen.path("model"),
          "a session needs a model: leave the field out to use the agent's",
          "agent_model_required");
    }
    return model.map(it -> AgentSpec.Model.of(it.id())).orElse(null);
  }
}
