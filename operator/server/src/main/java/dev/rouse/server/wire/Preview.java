package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.http.ResponseStream;
import dev.rouse.server.http.ServerSentEvents;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The previews on one stream. What a client puts together from them is always a beginning of the
 * message: a delta comes only after its start, none after one that was shed, and none after the
 * message itself (contract §2.7).
 */
final class Preview {

  private final ResponseStream out;
  private final Set<String> types;

  /** Events that a late preview may still speak of: those of the last few model requests. */
  private static final int REMEMBERED = 256;

  /** Messages whose start was shown and whose every delta so far was. */
  private final Set<String> whole = new HashSet<>();

  private final Set<String> closed = new LinkedHashSet<>();

  Preview(ResponseStream out, Set<String> types) {
    this.out = out;
    this.types = Set.copyOf(types);
  }

  /** Shows an {@code event_start} or {@code event_delta}, or leaves it out. */
  synchronized void show(JsonNode event) {
    switch (event.path("type").asText("")) {
      case "event_start" -> {
        JsonNode started = event.path("event");
        String id = started.path("id").asText("");
        if (types.contains(started.path("type").asText(""))
            && !closed.contains(id)
            && offer(event)) {
          whole.add(id);
        }
      }
      case "event_delta" -> {
        String id = event.path("event_id").asText("");
        if (whole.contains(id) && !offer(event)) {
          whole.remove(id);
        }
      }
      default -> {
        // A newer brain may send more; clients know only these two.
      }
    }
  }

  /** The event itself comes now: no preview of it may follow. */
  synchronized void closing(String eventId) {
    whole.remove(eventId);
    closed.add(eventId);
    if (closed.size() > REMEMBERED) {
      closed.remove(closed.iterator().next());
    }
  }

  private boolean offer(JsonNode event) {
    return out.offer(ServerSentEvents.named("message", event));
  }
}
