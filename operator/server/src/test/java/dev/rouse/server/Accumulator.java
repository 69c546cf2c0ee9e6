package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts messages together from one connection's events as the SDKs do, and holds the connection to
 * what they rely on (contract §2.7).
 */
public final class Accumulator {

  private final Map<String, List<StringBuilder>> open = new HashMap<>();
  private final Set<String> started = new HashSet<>();
  private final Set<String> whole = new HashSet<>();
  private boolean betweenRequests;
  private int deltas;

  /** Takes the connection's next event. */
  public void take(JsonNode event) {
    String type = event.path("type").asText();
    switch (type) {
      case "event_start" -> {
        String id = event.at("/event/id").asText();
        assertThat(betweenRequests).as("%s begins within its request", id).isFalse();
        assertThat(whole).as("nothing follows the event itself").doesNotContain(id);
        assertThat(started.add(id)).as("%s begins once", id).isTrue();
        open.put(id, new ArrayList<>());
      }
      case "event_delta" -> delta(event);
      case "span.model_request_start" -> betweenRequests = false;
      case "span.model_request_end" -> {
        betweenRequests = true;
        open.clear();
      }
      default -> whole(event, type);
    }
  }

  private void delta(JsonNode event) {
    String id = event.path("event_id").asText();
    assertThat(open).as("a delta has its start before it, and no end").containsKey(id);
    List<StringBuilder> content = open.get(id);
    int index = event.at("/delta/index").asInt();
    assertThat(index).as("no entry is left out").isLessThanOrEqualTo(content.size());
    if (index == content.size()) {
      content.add(new StringBuilder());
    }
    content.get(index).append(event.at("/delta/content/text").asText());
    deltas++;
  }

  private void whole(JsonNode event, String type) {
    String id = event.path("id").asText();
    whole.add(id);
    List<StringBuilder> preview = open.remove(id);
    if (preview != null && type.equals("agent.message")) {
      for (int i = 0; i < preview.size(); i++) {
        assertThat(event.at("/content/" + i + "/text").asText())
            .as("what was shown of %s is a beginning of it", id)
            .startsWith(preview.get(i).toString());
      }
    }
  }

  /** Deltas so far. */
  public int deltas() {
    return deltas;
  }
}
