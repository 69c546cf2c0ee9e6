package dev.rouse.controller.session;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.session.Phase;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the server's part of a Session says about work.
 *
 * @param recorded whether record 0 exists
 * @param due whether a brain is needed
 * @param ended whether nothing can follow
 * @param suspended whether {@code spec.suspend} holds it
 * @param head of the log as far as the status knows it; -1 without a log
 */
record Work(boolean recorded, boolean due, boolean ended, boolean suspended, long head) {

  static Work of(Session session) {
    SessionStatus status = session.getStatus();
    @Nullable Long head = status == null || status.log() == null ? null : status.log().head();
    Phase phase = phase(status == null ? null : status.phase());
    return new Work(
        head != null,
        phase.isDue(),
        phase.isTerminal(),
        session.getSpec().isSuspended(),
        orNone(head));
  }

  /** Whether the work is to go on now. */
  boolean goesOn() {
    return due && !suspended;
  }

  /** The same with another head: the log moving is no reason to act. */
  Work at(long otherHead) {
    return new Work(recorded, due, ended, suspended, otherHead);
  }

  /** A phase that is newer than this code needs nothing that this code could do. */
  private static Phase phase(@Nullable String title) {
    return Stream.of(Phase.values())
        .filter(it -> Objects.equals(it.title(), title))
        .findFirst()
        .orElse(Phase.PENDING);
  }

  private static long orNone(@Nullable Long head) {
    return head == null ? -1 : head;
  }
}
