package dev.rouse.api.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.AgentSpec.Model;
import dev.rouse.api.AgentSpec.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An agent's content on the wire and in its object (contract §1.2): one mapping for both ways. */
public final class AgentWire {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int NAME = 256;
  private static final int DESCRIPTION = 2048;
  private static final int SYSTEM = 100_000;

  private AgentWire() {}

  /**
   * A change that a client asks for.
   *
   * @param version the version that the client has seen; null if it does not mind
   * @param spec the agent afterwards; {@code equals} the one before if nothing changes on the wire
   */
  public record Update(@Nullable Integer version, AgentSpec spec) {}

  /** The spec of a new agent. */
  public static AgentSpec create(Body body) throws InvalidBody {
    String name = body.requiredText("name", 1, NAME);
    Model model =
        AgentModels.read(body, null)
            .orElseThrow(() -> InvalidBody.at(body.path("model"), "is required"));
    AgentSpec spec =
        new AgentSpec(
            name,
            body.clearableText("description", DESCRIPTION),
            model,
            body.clearableText("system", SYSTEM),
            AgentTools.read(body),
            Metadata.merge(Map.of(), body, false),
            null);
    refuseRest(body);
    return spec;
  }

  /**
   * An agent's spec after an update. A field that stays the same on the wire stays as it is written
   * in the object, too.
   *
   * @param objectName the agent's name where its spec gives none
   */
  public static Update update(AgentSpec before, String objectName, Body body) throws InvalidBody {
    Integer version = body.positive("version");
    String name = body.has("name") ? body.requiredText("name", 1, NAME) : null;
    boolean renamed = name != null && !name.equals(name(before, objectName));
    Model model = AgentModels.read(body, before.model()).orElse(before.model());
    if (body.has("model") && body.value("model") == null) {
      throw InvalidBody.at(body.path("model"), "an agent needs a model: leave the field out");
    }
    List<Tool> tools = body.has("tools") ? AgentTools.read(body) : before.tools();
    AgentSpec spec =
        new AgentSpec(
            renamed ? name : before.displayName(),
            text(body, "description", DESCRIPTION, before.description()),
            AgentModels.same(model, before.model()) ? before.model() : model,
            text(body, "system", SYSTEM, before.system()),
            AgentTools.write(tools).equals(AgentTools.write(before.tools()))
                ? before.tools()
                : tools,
            Metadata.merge(before.metadata(), body, false),
            before.archived());
    refuseRest(body);
    return new Update(version, spec);
  }

  private static @Nullable String text(Body body, String field, int max, @Nullable String before)
      throws InvalidBody {
    if (!body.has(field)) {
      return before;
    }
    String now = body.clearableText(field, max);
    return Objects.requireNonNullElse(before, "").equals(Objects.requireNonNullElse(now, ""))
        ? before
        : now;
  }

  /** What the contract has and this version has not: its empty forms do no harm. */
  private static void refuseRest(Body body) throws InvalidBody {
    body.refuseLaterEntries("mcp_servers");
    body.refuseLaterEntries("skills");
    body.refuseLater("multiagent");
    Body identity = body.object("execution_identity").orElse(null);
    if (identity != null) {
      String type = identity.requiredText("type", 0, Integer.MAX_VALUE);
      if (type.equals("aws_role")) {
        throw InvalidBody.later(identity.path("type"), Absent.AWS_ROLE);
      }
      identity.word("type", "service_account");
      identity.refuseUnknown();
    }
    body.refuseUnknown();
  }

  /** An agent's name on the wire. @param objectName the name where the spec gives none */
  public static String name(AgentSpec spec, String objectName) {
    return Objects.requireNonNullElse(spec.displayName(), objectName);
  }

  /**
   * An agent's content on the wire, every default resolved; {@link #create} makes the same agent of
   * it again.
   *
   * @param objectName the agent's name where its spec gives none
   */
  public static ObjectNode write(AgentSpec spec, String objectName) {
    ObjectNode json = JSON.objectNode();
    json.put("name", name(spec, objectName));
    json.put("description", spec.description());
    json.set("model", AgentModels.write(spec.model()));
    json.put("system", spec.system());
    json.set("tools", AgentTools.write(spec.tools()));
    json.set("metadata", Metadata.write(spec.metadata()));
    json.setAll(fixed());
    json.putNull("multiagent");
    return json;
  }

  /** Fields that the wire requires and that no Agent can set yet. */
  public static Map<String, JsonNode> fixed() {
    Map<String, JsonNode> fixed = new LinkedHashMap<>();
    fixed.put("mcp_servers", JSON.arrayNode());
    fixed.put("skills", JSON.arrayNode());
    fixed.put("execution_identity", JSON.objectNode().put("type", "service_account"));
    return fixed;
  }
}
