package dev.rouse.server.keeper;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.Fold;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.PinnedProvider;
import dev.rouse.session.SessionState;
import dev.rouse.session.UserEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** States of sessions that have begun. */
final class Folded {

  static final Ids IDS = Ids.from(new Random(1));
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Folded() {}

  static SessionState after(Event... events) {
    Fold fold = new Fold();
    fold.add(LogRecord.of(0, Instant.EPOCH, 0, created()));
    for (int i = 0; i < events.length; i++) {
      fold.add(LogRecord.of(i + 1, Instant.EPOCH.plusNanos(1000L * i), 0, events[i]));
    }
    return fold.state();
  }

  static InternalEvent.Created created() {
    return new InternalEvent.Created(
        IDS.event(),
        1,
        "uid",
        "team-a",
        "review",
        "sthr_1",
        new AgentSnapshot(
            "agent_1", 4, "Reviewer", null, JSON.objectNode(), null, List.of(), Map.of()),
        JSON.objectNode(),
        new PinnedProvider("main", "m", 100),
        null,
        null);
  }

  static UserEvent.Message user(String text) {
    return new UserEvent.Message(IDS.event(), List.of(ContentBlock.text(text)));
  }

  static AgentEvent.Message agent(String text) {
    return new AgentEvent.Message(IDS.event(), List.of(ContentBlock.text(text)));
  }

  static InternalEvent.Received received(Event event) {
    return new InternalEvent.Received(IDS.event(), event);
  }

  static AgentEvent.ToolUse use(String name, String argument, String value, String permission) {
    return new AgentEvent.ToolUse(
        IDS.event(), name, JSON.objectNode().put(argument, value), permission, null, null);
  }

  static AgentEvent.ToolResult result(AgentEvent.ToolUse use, String text, boolean isError) {
    return new AgentEvent.ToolResult(
        IDS.event(), use.id(), List.of(ContentBlock.text(text)), isError);
  }
}
