package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/** Where a session stands, judged by the events shown so far. */
final class Progress {

  private String status = "";
  private boolean deleted;
  private final Set<String> delivered = new HashSet<>();

  void add(JsonNode event) {
    String type = event.path("type").asText();
    if (type.startsWith("session.status_")) {
      status = type.substring("session.status_".length());
    } else if (type.equals("session.deleted")) {
      deleted = true;
    } else if (type.equals("rouse.message_delivered")) {
      delivered.add(event.path("message_id").asText());
    }
  }

  /**
   * Nothing is under way or queued: an idle that leaves work behind is followed by a running at
   * once.
   */
  boolean isIdle() {
    return status.equals("idle");
  }

  /** Nothing more can come. */
  boolean isOver() {
    return deleted || status.equals("terminated");
  }

  /** Whether an entry of {@code spec.messages} has reached the log. */
  boolean isDelivered(String messageId) {
    return delivered.contains(messageId);
  }
}
