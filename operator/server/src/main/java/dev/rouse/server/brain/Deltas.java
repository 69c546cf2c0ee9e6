package dev.rouse.server.brain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Where previews go: to the streams that are open, and nowhere else. */
@FunctionalInterface
public interface Deltas {

  /** Shows previews of a session's message under way. Must not block. */
  void show(String sessionUid, List<JsonNode> events);
}
