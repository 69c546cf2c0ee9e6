package dev.rouse.server.keeper;

import dev.rouse.log.SessionLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which half copies somebody still works on: a large one may take long over a slow line. */
final class GrowingCopies {

  private final Map<String, Long> seen = new ConcurrentHashMap<>();

  /**
   * Whether the copy has grown since it was looked at last. The first look of a process finds every
   * copy growing that has any record.
   */
  boolean isGrowing(SessionLog log) {
    long head = log.copy().state().head();
    Long before = seen.put(log.key().sessionUid(), head);
    return head > (before == null ? -1 : before);
  }

  void forget(SessionLog log) {
    seen.remove(log.key().sessionUid());
  }
}
