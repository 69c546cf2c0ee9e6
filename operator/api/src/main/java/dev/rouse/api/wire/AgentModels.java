package dev.rouse.api.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.AgentSpec.Model;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The field {@code model} of an agent: a name, or an object with settings. */
public final class AgentModels {

  /** What providers take where nothing is said. */
  private static final Model.Effort EFFORT = Model.Effort.high;

  private static final int ID = 256;

  private AgentModels() {}

  /**
   * The model that a body's field {@code model} names; empty if it is absent or null.
   *
   * @param before the model so far, whose effort stays while the name does and no other is given
   */
  public static Optional<Model> read(Body body, @Nullable Model before) throws InvalidBody {
    JsonNode value = body.value("model");
    if (value == null) {
      return Optional.empty();
    }
    if (value.isTextual()) {
      String id = body.requiredText("model", 1, ID);
      return Optional.of(new Model(id, kept(id, before), null));
    }
    if (!value.isObject()) {
      throw Body.wrongType(body.path("model"), "a string or an object", value);
    }
    Body model = Body.of(value, body.path("model"));
    String id = model.requiredText("id", 1, ID);
    Model.Effort effort = model.value("effort") == null ? kept(id, before) : effort(model);
    Model read = new Model(id, effort, speed(model));
    model.refuseLater("inference_geo");
    model.refuseUnknown();
    return Optional.of(read);
  }

  private static Model.@Nullable Effort kept(String id, @Nullable Model before) {
    return before != null && before.id().equals(id) ? before.effort() : null;
  }

  /** A name, or an object with the name as its type. */
  private static Model.@Nullable Effort effort(Body model) throws InvalidBody {
    JsonNode value = model.value("effort");
    if (value == null || value.isTextual()) {
      return model.choice("effort", Model.Effort.class);
    }
    if (!value.isObject()) {
      throw Body.wrongType(model.path("effort"), "a string or an object", value);
    }
    Body effort = Body.of(value, model.path("effort"));
    effort.requiredText("type", 0, Integer.MAX_VALUE);
    Model.Effort type = effort.choice("type", Model.Effort.class);
    effort.refuseUnknown();
    return type;
  }

  private static Model.@Nullable Speed speed(Body model) throws InvalidBody {
    if ("fast".equals(model.text("speed", 0, Integer.MAX_VALUE))) {
      throw InvalidBody.later(model.path("speed"), Absent.FAST);
    }
    return model.choice("speed", Model.Speed.class);
  }

  /** The model on the wire, with every default resolved. */
  public static ObjectNode write(Model model) {
    return resolve(said(model));
  }

  /**
   * The model with what its author said and no more: what is not said is the provider's to choose,
   * and not every model knows every setting.
   */
  public static ObjectNode said(Model model) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", model.id());
    if (model.effort() != null) {
      json.putObject("effort").put("type", model.effort().name());
    }
    if (model.speed() != null) {
      json.put("speed", model.speed().name());
    }
    return json;
  }

  /** A model of {@link #said} with every default resolved, as clients are shown it. */
  public static ObjectNode resolve(ObjectNode said) {
    ObjectNode json = said.deepCopy();
    if (!json.hasNonNull("effort")) {
      json.putObject("effort").put("type", EFFORT.name());
    }
    if (!json.hasNonNull("speed")) {
      json.put("speed", Model.Speed.standard.name());
    }
    return json;
  }

  /** The same on the wire? */
  static boolean same(Model one, Model other) {
    return Objects.equals(write(one), write(other));
  }
}
