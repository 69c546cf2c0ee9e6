package dev.rouse.server.brain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Where previews go: to the streams that are open, and nowhere else. */
@FunctionalInterface
public interface Deltas {

  /**
   * Shows previews of a session's message under way. Must not block.
   *
   * @param span the model request that they belong to
   * @param head a head of the log at which that request was open
   */
  void show(String sessionUid, String span, long head, List<JsonNode> events);
}
