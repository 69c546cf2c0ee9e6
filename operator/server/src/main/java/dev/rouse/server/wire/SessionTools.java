package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.wire.AgentTools;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.session.AgentSnapshot;
import java.util.List;
import java.util.function.Function;

/** Tools that a session has in place of its agent's. */
final class SessionTools {

  private SessionTools() {}

  /** The tools of a body's {@code tools}; none if it is null or empty. */
  static List<AgentSpec.Tool> of(Fields body) throws WireError {
    body.has("tools");
    try {
      return AgentTools.read(Body.of(body.json(), body.path()));
    } catch (InvalidBody e) {
      throw WireError.of(e);
    }
  }

  /** Makes the agent that follows, with these tools in place of its own. */
  static Function<AgentSnapshot, ObjectNode> inPlace(List<AgentSpec.Tool> tools) {
    return agent -> {
      ObjectNode next = SessionBody.agent(agent);
      next.set("tools", AgentTools.write(tools));
      return next;
    };
  }
}
