package dev.rouse.server.wire;

import dev.rouse.server.http.Call;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to see of a list of objects, the newest first (contract §1.1).
 *
 * @param limit the most entries of a page, 1 to 100
 * @param page where to go on
 * @param archived archived ones, too
 * @param from made at this time or later
 * @param until made before this time
 */
record ListQuery(
    int limit,
    Optional<String> page,
    boolean archived,
    @Nullable Instant from,
    @Nullable Instant until) {

  static final int DEFAULT_LIMIT = 20;
  static final int MAX_LIMIT = 100;

  static ListQuery of(Call call) throws WireError {
    Instant gte = time(call, "created_at[gte]");
    Instant gt = next(time(call, "created_at[gt]"));
    Instant lt = time(call, "created_at[lt]");
    Instant lte = next(time(call, "created_at[lte]"));
    return new ListQuery(
        limit(call),
        call.query("page").filter(text -> !text.isEmpty()),
        EventQuery.flag(call, "include_archived"),
        gte != null && gt != null && gt.isBefore(gte) ? gte : gt == null ? gte : gt,
        lt != null && lte != null && lte.isAfter(lt) ? lt : lte == null ? lt : lte);
  }

  /** Whether no time is excluded. */
  boolean coversAll() {
    return from == null && until == null;
  }

  /** Whether something made at {@code time} is within what is asked for. */
  boolean covers(Instant time) {
    return (from == null || !time.isBefore(from)) && (until == null || time.isBefore(until));
  }

  private static int limit(Call call) throws WireError {
    String text = call.query("limit").orElse("" + DEFAULT_LIMIT);
    int limit = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw WireError.invalid("limit: must be a number from 1 to " + MAX_LIMIT);
    }
    return limit;
  }

  private static @Nullable Instant time(Call call, String name) throws WireError {
    try {
      return call.query(name).map(it -> OffsetDateTime.parse(it).toInstant()).orElse(null);
    } catch (DateTimeParseException e) {
      throw WireError.invalid(
          name + ": must be an RFC 3339 time, for example 2026-01-31T12:00:00Z");
    }
  }

  private static @Nullable Instant next(@Nullable Instant time) {
    return time == null ? null : time.plusNanos(1);
  }
}
