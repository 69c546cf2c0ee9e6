package dev.rouse.server.wire;

import dev.rouse.server.http.Call;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to see of a session's events (contract §1.6).
 *
 * @param limit the most events of a page, 1 to 1000
 * @param ascending oldest first
 * @param types only these; all if empty
 * @param from processed at this time or later
 * @param until processed before this time
 * @param internal the runtime's own events, too
 * @param cursor where to go on
 */
record EventQuery(
    int limit,
    boolean ascending,
    Set<String> types,
    @Nullable Instant from,
    @Nullable Instant until,
    boolean internal,
    @Nullable PageCursor cursor) {

  static final int MAX_LIMIT = 1000;

  EventQuery {
    types = Set.copyOf(types);
  }

  static EventQuery of(Call call, String sessionUid) throws WireError {
    boolean ascending = ascending(call);
    Optional<String> page = call.query("page").filter(text -> !text.isEmpty());
    Optional<Instant> gt = time(call, "created_at[gt]");
    Optional<Instant> gte = time(call, "created_at[gte]");
    Optional<Instant> lt = time(call, "created_at[lt]");
    Optional<Instant> lte = time(call, "created_at[lte]");
    return new EventQuery(
        limit(call),
        ascending,
        new HashSet<>(call.queries("types[]")),
        later(gte, gt.map(EventQuery::next)),
        earlier(lt, lte.map(EventQuery::next)),
        flag(call, "include_internal"),
        page.isEmpty() ? null : PageCursor.decode(page.get(), sessionUid, ascending));
  }

  /** Whether a processed event is among what is wanted. */
  boolean wants(LogRecord record) {
    return (internal || !WireEvents.isInternal(record))
        && wantsType(EventCodec.typeOf(record.event()))
        && (from == null || !record.at().isBefore(from))
        && (until == null || record.at().isBefore(until));
  }

  /** Whether events of this type are among what is wanted. */
  boolean wantsType(String type) {
    return types.isEmpty() || types.contains(type);
  }

  /** Whether events that are not processed yet can be wanted: they have no time to compare. */
  boolean wantsQueued() {
    return from == null && until == null;
  }

  static boolean flag(Call call, String name) throws WireError {
    return switch (call.query(name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw WireError.invalid(name + ": must be true or false");
    };
  }

  private static boolean ascending(Call call) throws WireError {
    return switch (call.query("order").orElse("asc")) {
      case "asc" -> true;
      case "desc" -> false;
      default -> throw WireError.invalid("order: must be asc or desc");
    };
  }

  private static int limit(Call call) throws WireError {
    String text = call.query("limit").orElse("" + MAX_LIMIT);
    if (!text.matches("[0-9]{1,4}")) {
      throw WireError.invalid("limit: must be a number from 1 to " + MAX_LIMIT);
    }
    int limit = Integer.parseInt(text);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw WireError.invalid("limit: must be a number from 1 to " + MAX_LIMIT);
    }
    return limit;
  }

  private static Optional<Instant> time(Call call, String name) throws WireError {
    Optional<String> text = call.query(name);
    try {
      return text.map(it -> OffsetDateTime.parse(it).toInstant());
    } catch (DateTimeParseException e) {
      throw WireError.invalid(
          name + ": must be an RFC 3339 time, for example 2026-01-31T12:00:00Z");
    }
  }

  /** Records are at least a microsecond apart, and written with microseconds. */
  private static Instant next(Instant time) {
    return time.plusNanos(1);
  }

  private static @Nullable Instant later(Optional<Instant> one, Optional<Instant> other) {
    return Stream.concat(one.stream(), other.stream()).max(Instant::compareTo).orElse(null);
  }

  private static @Nullable Instant earlier(Optional<Instant> one, Optional<Instant> other) {
    return Stream.concat(one.stream(), other.stream()).min(Instant::compareTo).orElse(null);
  }
}
