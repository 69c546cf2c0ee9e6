package dev.rouse.server.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.Comparator;

/**
 * Where an object stands among all of its namespace: by creation, and by UID within one second.
 * Never changes, so that a place in a list stays right while objects come and go.
 *
 * @param created when the object was made
 * @param uid its UID
 */
public record Position(Instant created, String uid) implements Comparable<Position> {

  private static final Comparator<Position> ORDER =
      Comparator.comparing(Position::created).thenComparing(Position::uid);

  /** The position of an object. */
  public static Position of(HasMetadata object) {
    String created = object.getMetadata().getCreationTimestamp();
    return new Position(
        created == null ? Instant.EPOCH : Instant.parse(created), object.getMetadata().getUid());
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }
}
