package dev.rouse.server.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests about objects of one kind whose specs are written for callers of the public API;
 * blocking. A write is a server-side apply that takes no field from anybody else.
 */
public interface SpecObjects<T extends HasMetadata> {

  /**
   * What is to be applied: everything that the API is to own afterwards.
   *
   * @param namespace where
   * @param name of the object
   * @param uid of the object as read; null to make a new one
   * @param resourceVersion of the object as read; null to make a new one
   * @param annotations that the API is to own; what it owned and does not apply again goes
   * @param spec the fields of the spec that the API is to own
   */
  record Change(
      String namespace,
      String name,
      @Nullable String uid,
      @Nullable String resourceVersion,
      Map<String, String> annotations,
      ObjectNode spec) {

    public Change {
      annotations = Map.copyOf(annotations);
    }

    /** A new object. */
    public static Change create(
        String namespace, String name, Map<String, String> annotations, ObjectNode spec) {
      return new Change(namespace, name, null, null, annotations, spec);
    }

    /** A change of an object that was read: it stays marked as what it is. */
    public static Change of(HasMetadata read, Map<String, String> annotations, ObjectNode spec) {
      Map<String, String> all = new HashMap<>(annotations);
      Map<String, String> present = read.getMetadata().getAnnotations();
      if (present != null) {
        for (String mark : List.of(Rouse.CREATING_ANNOTATION, Rouse.REQUEST_ANNOTATION)) {
          if (present.get(mark) != null) {
            all.putIfAbsent(mark, present.get(mark));
          }
        }
      }
      return new Change(
          read.getMetadata().getNamespace(),
          read.getMetadata().getName(),
          read.getMetadata().getUid(),
          read.getMetadata().getResourceVersion(),
          all,
          spec);
    }

    /** Whether it makes an object. */
    public boolean isNew() {
      return uid == null;
    }
  }

  /** What became of a change. */
  sealed interface Applied<T> {

    /** It is written. @param object as it is now */
    record Done<T>(T object) implements Applied<T> {}

    /** The object has changed, or is gone, since it was read; nothing was written. */
    record Stale<T>() implements Applied<T> {}

    /** Fields that would change belong to others; nothing was written. */
    record Owned<T>(List<FieldOwner> owners) implements Applied<T> {}

    /** The name of a new object is another one's already; nothing was written. */
    record Taken<T>() implements Applied<T> {}

    /** The cluster does not take it. @param message the API server's */
    record Refused<T>(String message) implements Applied<T> {}
  }

  /** The object as it is now. */
  Optional<T> read(String namespace, String name);

  /** All objects of a namespace as they are now. */
  List<T> list(String namespace);

  /**
   * Applies a change. A new object is made or nothing happens: one that has the name is not
   * touched.
   *
   * @throws OutdatedCrds when the cluster's definitions do not know a field
   */
  Applied<T> apply(Change change);

  /**
   * Takes {@link Rouse#CREATING_ANNOTATION} away, whatever else of the object has changed.
   *
   * @return the object as it is now; empty if it is gone, or others changed it all the time
   */
  Optional<T> unmark(T read);

  /** Removes the object as read; false if it has changed or is gone since. */
  boolean delete(T read);
}
