package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/** Where a session stands, judged by the events shown so far. */
final class Progress {

  private String status = "";
  private boolean deleted;
  private final Set<String> known = new HashSet<>();
  private final Set<String> delivered = new HashSet<>();

  void add(JsonNode event) {
    String type = event.path("type").asText();
    if (type.startsWith("session.status_")) {
      status = type.substring("session.status_".length());
    } else if (type.equals("session.deleted")) {
      deleted = true;
    } else if (type.equals("rouse.message_delivered")) {
      delivered.add(event.path("message_id").asText());
    } else if (type.startsWith("user.")) {
      known.add(event.path("id").asText());
      if (event.path("processed_at").isTextual()) {
        delivered.add(event.path("id").asText());
      }
    }
  }

  /**
   * The last status that was shown is idle. An idle that leaves work behind is followed by a
   * running in the next event, so that only the server knows whether it is one to end at.
   */
  boolean isIdle() {
    return status.equals("idle");
  }

  /** Nothing more can come. */
  boolean isOver() {
    return deleted || status.equals("terminated");
  }

  /** Whether an event of a client was shown, be it queued only. */
  boolean isKnown(String eventId) {
    return known.contains(eventId);
  }

  /** Whether an event of a client was taken up, or an entry of {@code spec.messages} delivered. */
  boolean isDelivered(String id) {
    return delivered.contains(id);
  }
}
