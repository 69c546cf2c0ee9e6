package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;

/** Records as clients see them. */
final class WireEvents {

  private WireEvents() {}

  /** Whether an event is the runtime's own and shown only when asked for. */
  static boolean isInternal(LogRecord record) {
    return record.event() instanceof InternalEvent
        || EventCodec.typeOf(record.event()).startsWith("rouse.");
  }

  /** An event that stands in the log: it is processed. */
  static ObjectNode processed(LogRecord record) {
    ObjectNode json = EventCodec.toJson(record.event());
    switch (record.event()) {
      case SessionEvent.UsageReported(var _, var usage, var budget) -> {
        json.set("usage", SessionBody.usage(usage));
        json.set("budget", budget);
      }
      case SpanEvent.ModelRequestStart _ -> json.remove("estimate");
      case SessionEvent.Updated updated when json.get("agent") instanceof ObjectNode agent ->
          json.set("agent", SessionBody.agent(agent));
      case Event _ -> {}
    }
    json.setAll(record.extra());
    json.put("processed_at", EventCodec.timestamp(record.at()));
    return json;
  }

  /** A received event that waits for its turn: without {@code processed_at}. */
  static ObjectNode queued(Event event) {
    return EventCodec.toJson(event);
  }
}
