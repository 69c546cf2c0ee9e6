package dev.rouse.server.wire;

import dev.rouse.api.wire.Absent;
import dev.rouse.server.http.Call;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions a client wants to see (contract §1.5).
 *
 * @param limit the most sessions of a page, 1 to 100
 * @param ascending oldest first
 * @param agentId only of this agent; null for any
 * @param agentVersion only of this version of it; null for any
 * @param statuses only in one of these, by their wire names; any if empty
 * @param archived archived ones, too
 * @param created when they were made
 * @param cursor where to go on
 */
record SessionQuery(
    int limit,
    boolean ascending,
    @Nullable String agentId,
    @Nullable Integer agentVersion,
    Set<String> statuses,
    boolean archived,
    Queries.TimeRange created,
    @Nullable SessionCursor cursor) {

  private static final int LIMIT = 20;
  private static final int MAX_LIMIT = 100;

  SessionQuery {
    statuses = Set.copyOf(statuses);
  }

  static SessionQuery of(Call call) throws WireError {
    boolean ascending = Queries.ascending(call, false);
    Queries.TimeRange created = Queries.TimeRange.of(call, "created_at");
    Set<String> statuses = Queries.statuses(call);
    refuse(call, "deployment_id", Absent.DEPLOYMENTS);
    refuse(call, "memory_store_id", Absent.MEMORY_STORES);
    Optional<String> agent = present(call, "agent_id");
    Optional<String> page = present(call, "page");
    return new SessionQuery(
        Queries.limit(call, LIMIT, MAX_LIMIT),
        ascending,
        agent.orElse(null),
        // Without an agent a version says nothing.
        agent.isEmpty() ? null : version(call),
        statuses,
        Queries.flag(call, "include_archived"),
        created,
        page.isEmpty() ? null : SessionCursor.decode(page.get(), ascending, created));
  }

  /** What no session has: an empty list would seem to say something about sessions. */
  private static void refuse(Call call, String name, Absent feature) throws WireError {
    if (present(call, name).isPresent()) {
      throw WireError.invalid(name + ": " + feature.message());
    }
  }

  private static Optional<String> present(Call call, String name) {
    return call.query(name).filter(text -> !text.isEmpty());
  }

  private static @Nullable Integer version(Call call) throws WireError {
    Optional<String> text = present(call, "agent_version");
    if (text.isEmpty()) {
      return null;
    }
    if (!text.get().matches("[1-9][0-9]{0,8}")) {
      throw WireError.invalid("agent_version: must be a number from 1");
    }
    return Integer.valueOf(text.get());
  }
}
