package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.AgentSpec;

/** The model that a session uses in place of its agent's: a name, or an object with its id. */
final class OverrideModel {

  private static final int NAME = 256;

  private OverrideModel() {}

  static AgentSpec.Model of(JsonNode json) throws WireError {
    if (json.isTextual()) {
      String name = json.textValue();
      if (name.isEmpty() || name.length() > NAME) {
        throw WireError.invalid(
            "agent.model: expected 1 to %d characters, found %d".formatted(NAME, name.length()));
      }
      return AgentSpec.Model.of(name);
    }
    Fields model = Fields.of(json, "agent.model");
    String id = model.requiredText("id", 1, NAME);
    // A session's model works at its default effort, whatever is asked for (contract §1.5).
    model.value("effort");
    if (model.value("speed").isPresent()) {
      model.oneOf("speed", "standard");
    }
    model.notYet("inference_geo");
    model.end();
    return AgentSpec.Model.of(id);
  }
}
