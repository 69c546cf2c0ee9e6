package dev.rouse.server.wire;

import dev.rouse.server.http.Call;
import dev.rouse.server.wire.Queries.TimeRange;
import java.util.Optional;

/**
 * What a client wants to see of a list of objects, the newest first (contract §1.1).
 *
 * @param limit the most entries of a page, 1 to 100
 * @param page where to go on
 * @param archived archived ones, too
 * @param created made in this span
 */
record ListQuery(int limit, Optional<String> page, boolean archived, TimeRange created) {

  static final int DEFAULT_LIMIT = 20;
  static final int MAX_LIMIT = 100;

  static ListQuery of(Call call) throws WireError {
    return new ListQuery(
        Queries.limit(call, DEFAULT_LIMIT, MAX_LIMIT),
        call.query("page").filter(text -> !text.isEmpty()),
        Queries.flag(call, "include_archived"),
        TimeRange.of(call, "created_at"));
  }
}
