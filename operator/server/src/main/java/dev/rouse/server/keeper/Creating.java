package dev.rouse.server.keeper;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The mark of objects that are being created through the API, and how long it may last. */
public final class Creating {

  /** No creation takes so long: the process that began it is gone. */
  static final Duration AT_MOST = Duration.ofMinutes(10);

  /** The mark's value on an object whose log is brought by a client, piece by piece. */
  static final String IMPORT = "import";

  private Creating() {}

  /** Whether the object waits for a log that a client brings. */
  static boolean isImport(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations != null && IMPORT.equals(annotations.get(Rouse.CREATING_ANNOTATION));
  }

  /** Whether the object bears the mark: a session without a log does not exist for callers then. */
  public static boolean isMarked(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(Rouse.CREATING_ANNOTATION);
  }

  /**
   * Whether an object of this age may be answered although its mark could not be taken away: nobody
   * thinks of sweeping it for long, and until then somebody takes the mark away.
   */
  static boolean mayKeepMark(Session session, Clock clock) {
    return left(session, clock).compareTo(AT_MOST.dividedBy(2)) > 0;
  }

  /** How long the creation may still take; zero or less when it is given up. */
  static Duration left(Session session, Clock clock) {
    Instant made = Instant.parse(session.getMetadata().getCreationTimestamp());
    return AT_MOST.minus(Duration.between(made, clock.instant()));
  }
}
