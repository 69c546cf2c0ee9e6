package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.http.ServerSentEvents;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The previews on one stream (contract §2.7). What a client puts together from them is always a
 * beginning of the message, and each has its place within its model request:
 *
 * <pre>
 * span.model_request_start  event_start  event_delta…  the event itself  span.model_request_end
 * </pre>
 *
 * <p>Previews come by another way than records, sooner or later than those. One that is ahead of
 * its stream is held until the stream is where the log was; one whose request the stream has seen
 * closed is dropped. Once one was shed, no more of its request is shown.
 */
final class Preview {

  /** Pieces that wait for a stream that lags; all streams of a session share what they hold. */
  static final int MOST_HELD = 64;

  private final Predicate<byte[]> out;
  private final Set<String> types;
  private final Queue<Piece> held = new ArrayDeque<>();

  /** Requests of which something was shed. */
  private final Set<String> cut = new HashSet<>();

  /** Of the open request: events whose start was shown. */
  private final Set<String> begun = new HashSet<>();

  /** Of the open request: events that stand on the stream themselves. */
  private final Set<String> whole = new HashSet<>();

  private long position;
  private @Nullable String span;

  /**
   * An {@code event_start} or {@code event_delta} as the brain sent it.
   *
   * @param span the model request that it belongs to
   * @param head a head of the log at which that request was open
   */
  record Piece(String span, long head, JsonNode event) {}

  /**
   * The previews of a stream that brings what follows {@code opened}.
   *
   * @param out sends at once, or says that it cannot
   * @param types of events whose previews are wanted
   */
  Preview(Predicate<byte[]> out, Set<String> types, SessionState opened) {
    this.out = out;
    this.types = Set.copyOf(types);
    this.position = opened.head();
    this.span = opened.openSpan();
  }

  /** Shows a piece now, or when the stream has come so far, or never. */
  synchronized void show(Piece piece) {
    if (types.isEmpty() || cut.contains(piece.span())) {
      return;
    }
    if (held.isEmpty() && piece.head() <= position) {
      offer(piece);
    } else if (held.size() < MOST_HELD) {
      held.add(piece);
    } else {
      cut.add(piece.span());
    }
  }

  /** The record comes next on the stream: what it ends is not previewed any more. */
  synchronized void before(LogRecord record) {
    if (span == null) {
      return;
    }
    whole.add(record.event().id());
    if (record.event() instanceof SpanEvent.ModelRequestEnd end
        && end.modelRequestStartId().equals(span)) {
      cut.remove(span);
      span = null;
      begun.clear();
      whole.clear();
    }
  }

  /** The record stands on the stream: what waited for it may follow. */
  synchronized void after(LogRecord record) {
    position = record.seq();
    if (record.event() instanceof SpanEvent.ModelRequestStart start) {
      span = start.id();
    }
    while (!held.isEmpty() && held.element().head() <= position) {
      offer(held.remove());
    }
  }

  private void offer(Piece piece) {
    if (piece.span().equals(span)
        && !cut.contains(piece.span())
        && isWanted(piece.event())
        && !out.test(ServerSentEvents.named("message", piece.event()))) {
      cut.add(piece.span());
    }
  }

  private boolean isWanted(JsonNode event) {
    return switch (event.path("type").asText("")) {
      case "event_start" -> {
        String id = event.at("/event/id").asText("");
        yield types.contains(event.at("/event/type").asText(""))
            && !whole.contains(id)
            && begun.add(id);
      }
      case "event_delta" -> {
        String id = event.path("event_id").asText("");
        yield begun.contains(id) && !whole.contains(id);
      }
      // A newer brain may send more; clients know only these two.
      default -> false;
    };
  }
}
