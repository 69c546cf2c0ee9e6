package dev.rouse.server.wire;

import dev.rouse.api.Rouse;
import dev.rouse.server.resource.OwnedFields;
import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * When an object was archived. The API writes it on the object; of one that was archived in another
 * way, the time at which its {@code spec.archived} was last written is as good as there is.
 */
final class Archives {

  private Archives() {}

  /** What the API writes on an object that it archives now. */
  static Map<String, String> now(Clock clock) {
    return Map.of(Rouse.ARCHIVED_AT_ANNOTATION, EventCodec.timestamp(clock.instant()));
  }

  /** When an archived object was archived, never before it was made. */
  static Instant at(HasMetadata object) {
    Instant made = Definitions.createdAt(object);
    return written(object)
        .or(() -> OwnedFields.writtenAt(object, "archived"))
        .filter(it -> it.isAfter(made))
        .orElse(made);
  }

  private static Optional<Instant> written(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    String text = annotations == null ? null : annotations.get(Rouse.ARCHIVED_AT_ANNOTATION);
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
