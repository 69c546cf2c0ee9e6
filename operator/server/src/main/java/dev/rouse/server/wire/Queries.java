package dev.rouse.server.wire;

import dev.rouse.server.http.Call;
import dev.rouse.session.Phase;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Query parameters that several lists share (contract §1.1). */
final class Queries {

  private static final Set<String> STATUSES =
      Stream.of(Phase.values()).map(Phase::wireName).collect(Collectors.toUnmodifiableSet());

  private Queries() {}

  /**
   * A span of time.
   *
   * @param from its first moment; null for none
   * @param until the first moment after it; null for none
   */
  record TimeRange(@Nullable Instant from, @Nullable Instant until) {

    /** The span that {@code name[gt]}, {@code [gte]}, {@code [lt]} and {@code [lte]} leave. */
    static TimeRange of(Call call, String name) throws WireError {
      Optional<Instant> gt = time(call, name + "[gt]");
      Optional<Instant> gte = time(call, name + "[gte]");
      Optional<Instant> lt = time(call, name + "[lt]");
      Optional<Instant> lte = time(call, name + "[lte]");
      return new TimeRange(
          Stream.concat(gte.stream(), gt.map(TimeRange::next).stream())
              .max(Instant::compareTo)
              .orElse(null),
          Stream.concat(lt.stream(), lte.map(TimeRange::next).stream())
              .min(Instant::compareTo)
              .orElse(null));
    }

    boolean holds(Instant time) {
      return (from == null || !time.isBefore(from)) && (until == null || time.isBefore(until));
    }

    /** Whether every time is in it. */
    boolean isOpen() {
      return from == null && until == null;
    }

    /** What is compared with has microseconds at most. */
    private static Instant next(Instant time) {
      return time.plusNanos(1);
    }
  }

  static boolean flag(Call call, String name) throws WireError {
    return switch (call.query(name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw WireError.invalid(name + ": must be true or false");
    };
  }

  /** Whether {@code order} is {@code asc}. @param otherwise where nothing is said */
  static boolean ascending(Call call, boolean otherwise) throws WireError {
    return switch (call.query("order").orElse(otherwise ? "asc" : "desc")) {
      case "asc" -> true;
      case "desc" -> false;
      default -> throw WireError.invalid("order: must be asc or desc");
    };
  }

  /** The statuses, by their wire names, that {@code statuses[]} asks for; none for any. */
  static Set<String> statuses(Call call) throws WireError {
    Set<String> statuses = Set.copyOf(call.queries("statuses[]"));
    if (!STATUSES.containsAll(statuses)) {
      throw WireError.invalid("statuses[]: must be idle, running, rescheduling or terminated");
    }
    return statuses;
  }

  static int limit(Call call, int otherwise, int max) throws WireError {
    String text = call.query("limit").orElse(Integer.toString(otherwise));
    int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > max) {
      throw WireError.invalid("limit: must be a number from 1 to " + max);
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
}
