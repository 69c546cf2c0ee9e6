package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.log.SessionLog;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One page of a session's history: processed events in log order, then queued ones in order of
 * arrival; the other way round when descending.
 *
 * <p>Nothing is left out between two pages: an event that is processed meanwhile may be listed
 * again, then with {@code processed_at}.
 */
final class EventPage {

  /** A page ends early when it holds so many characters: events may be large. */
  static final int ENOUGH = 8 * 1024 * 1024;

  /** Records that are read at once when going backwards. */
  private static final int CHUNK = 256;

  private final SessionLog log;
  private final SessionState state;
  private final EventQuery query;
  private final ArrayNode data = JsonNodeFactory.instance.arrayNode();
  private long characters;
  private @Nullable Long seq;
  private @Nullable String queued;
  private boolean more;

  private EventPage(SessionLog log, EventQuery query) {
    this.log = log;
    this.query = query;
    // Asks the store for its head, so that a client reads what it, or a status, has said before.
    this.state = log.state();
    PageCursor cursor = query.cursor();
    if (cursor != null) {
      seq = cursor.seq();
      queued = cursor.queued();
    }
  }

  /** Another span of time may not leave out the place where the page begins (contract §1.1). */
  private void checkPlace() throws WireError {
    if (seq == null || query.processed().isOpen()) {
      return;
    }
    try (Stream<LogRecord> place = log.read(seq, 1)) {
      if (place.anyMatch(record -> !query.processed().holds(record.at()))) {
        throw WireError.invalid("page: the cursor lies outside of created_at: begin a new list");
      }
    }
  }

  /** The page's body, {@code {data, next_page}}. */
  static ObjectNode of(SessionLog log, EventQuery query) throws WireError {
    EventPage page = new EventPage(log, query);
    page.checkPlace();
    if (query.ascending()) {
      page.processedUp();
      page.queued(new ArrayList<>(page.state.queued().values()));
    } else {
      List<Event> last = new ArrayList<>(page.state.queued().values());
      Collections.reverse(last);
      // Once records are listed, everything that was queued has been.
      page.queued(page.seq == null ? last : List.of());
      page.processedDown();
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("data", page.data);
    if (page.more) {
      String uid = log.key().sessionUid();
      body.put("next_page", new PageCursor(uid, query.ascending(), page.seq, page.queued).encode());
    } else {
      body.putNull("next_page");
    }
    return body;
  }

  private void processedUp() {
    long from = seq == null ? 0 : seq + 1;
    try (Stream<LogRecord> records = log.read(from, Integer.MAX_VALUE)) {
      for (Iterator<LogRecord> next = records.iterator(); next.hasNext() && !more; ) {
        LogRecord record = next.next();
        if (record.seq() > state.head()) {
          return;
        }
        take(record);
      }
    }
  }

  private void processedDown() {
    long end = seq == null ? state.head() + 1 : seq;
    while (end > 0 && !more) {
      long from = Math.max(0, end - CHUNK);
      List<LogRecord> records;
      try (Stream<LogRecord> read = log.read(from, (int) (end - from))) {
        records = read.toList();
      }
      for (LogRecord record : records.reversed()) {
        if (!more) {
          take(record);
        }
      }
      end = from;
    }
  }

  private void take(LogRecord record) {
    if (!query.wants(record)) {
      return;
    }
    if (isFull()) {
      more = true;
      return;
    }
    add(WireEvents.processed(record));
    seq = record.seq();
  }

  private void queued(List<Event> waiting) {
    if (more || !query.wantsQueued()) {
      return;
    }
    List<String> ids = waiting.stream().map(Event::id).toList();
    // A cursor's event that is not queued any more was processed, and all before it as well.
    int from = queued == null ? 0 : ids.indexOf(queued) + 1;
    for (Event event : waiting.subList(from, waiting.size())) {
      if (!query.wantsType(EventCodec.typeOf(event))) {
        continue;
      }
      if (isFull()) {
        more = true;
        return;
      }
      add(WireEvents.queued(event));
      queued = event.id();
    }
  }

  private boolean isFull() {
    return data.size() >= query.limit() || characters >= ENOUGH;
  }

  private void add(ObjectNode event) {
    characters += event.toString().length();
    data.add(event);
  }
}
