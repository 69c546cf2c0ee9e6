package dev.rouse.server.wire;

import dev.rouse.api.wire.Body;
import dev.rouse.server.http.Call;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to see of a session's events (contract §1.6).
 *
 * @param limit the most events of a page, 1 to 1000
 * @param ascending oldest first
 * @param types only these; all if empty
 * @param processed when they were processed
 * @param internal the runtime's own events, too
 * @param cursor where to go on
 */
record EventQuery(
    int limit,
    boolean ascending,
    Set<String> types,
    Queries.TimeRange processed,
    boolean internal,
    @Nullable PageCursor cursor) {

  static final int MAX_LIMIT = 1000;

  EventQuery {
    types = Set.copyOf(types);
  }

  static EventQuery of(Call call, String sessionUid) throws WireError {
    boolean ascending = Queries.ascending(call, true);
    Optional<String> page = call.query("page").filter(text -> !text.isEmpty());
    return new EventQuery(
        Queries.limit(call, MAX_LIMIT, MAX_LIMIT),
        ascending,
        types(call),
        Queries.TimeRange.of(call, "created_at"),
        Queries.flag(call, "include_internal"),
        page.isEmpty() ? null : PageCursor.decode(page.get(), sessionUid, ascending));
  }

  private static Set<String> types(Call call) throws WireError {
    Set<String> types = new HashSet<>(call.queries("types[]"));
    for (String type : types) {
      if (!EventCodec.knows(type) || type.equals("session.deleted")) {
        throw WireError.invalid(
            "types[]: \"%s\" is no type of a session's events".formatted(Body.brief(type)));
      }
    }
    return types;
  }

  /** Whether a processed event is among what is wanted. */
  boolean wants(LogRecord record) {
    return (internal || !WireEvents.isInternal(record))
        && wantsType(EventCodec.typeOf(record.event()))
        && processed.holds(record.at());
  }

  /** Whether events of this type are among what is wanted. */
  boolean wantsType(String type) {
    return types.isEmpty() || types.contains(type);
  }

  /** Whether events that are not processed yet can be wanted: they have no time to compare. */
  boolean wantsQueued() {
    return processed.isOpen();
  }
}
