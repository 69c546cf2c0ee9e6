package dev.rouse.server.keeper;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The mark of objects that are being created through the API, and how long it may last. */
public final class Creating {

  /** No creation takes so long: the process that began it is gone. */
  static final Duration AT_MOST = Duration.ofMinutes(10);

  private Creating() {}

  /** Whether the object bears the mark: without a log it does not exist for callers. */
  public static boolean isMarked(Session session) {
    var annotations = session.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(Rouse.CREATING_ANNOTATION);
  }

  /** How long the creation may still take; zero or less when it is given up. */
  static Duration left(Session session, Clock clock) {
    Instant made = Instant.parse(session.getMetadata().getCreationTimestamp());
    return AT_MOST.minus(Duration.between(made, clock.instant()));
  }
}
