package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.server.resource.FieldOwner;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.RequestKey;
import dev.rouse.server.resource.SpecObjects;
import dev.rouse.server.resource.SpecObjects.Applied;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What Agents and Environments have in common on the wire: found by id, listed page by page, and
 * written without taking anything from others.
 *
 * @param kind as clients call it, for messages and cursors
 * @param uidOf the UID within a wire id
 * @param known the objects as known
 * @param specs requests
 */
record Definitions<T extends HasMetadata>(
    String kind, Function<String, Optional<String>> uidOf, Objects<T> known, SpecObjects<T> specs) {

  /** What is watched may lag behind {@code kubectl apply} by a moment. */
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  /** The API server writes times in one form, in UTC and whole seconds: as texts they compare. */
  private static final Comparator<HasMetadata> NEWEST_FIRST =
      Comparator.<HasMetadata, String>comparing(it -> it.getMetadata().getCreationTimestamp())
          .thenComparing(it -> it.getMetadata().getUid())
          .reversed();

  /** A page of objects. @param next null if it is the last */
  record Page<T>(List<T> objects, @Nullable String next) {
    Page {
      objects = List.copyOf(objects);
    }
  }

  static Instant createdAt(HasMetadata object) {
    return Instant.parse(object.getMetadata().getCreationTimestamp());
  }

  /**
   * The object of this wire id, as known, if it is in the caller's workspace. Who has not the right
   * is refused before anything is looked up, so that nobody learns which ids exist.
   */
  T find(Visitor visitor, Endpoint endpoint, String id) throws WireError, InterruptedException {
    String workspace = visitor.workspace();
    Predicate<T> isHere = it -> workspace.equals(it.getMetadata().getNamespace());
    Optional<String> uid = uidOf.apply(id);
    Optional<T> found = uid.flatMap(known::get).filter(isHere);
    visitor.require(endpoint, workspace, found.map(it -> it.getMetadata().getName()).orElse(null));
    if (found.isEmpty() && uid.isPresent()) {
      found = known.await(uid.get(), PATIENCE).filter(isHere);
    }
    return found.orElseThrow(() -> gone(id, workspace));
  }

  private WireError gone(String id, String workspace) {
    return WireError.notFound(
        "there is no " + kind + " " + id + " in workspace (namespace) " + workspace);
  }

  /** A known object as it is now. @param id as the caller spelled it */
  T fresh(T object, String id) throws WireError {
    String namespace = object.getMetadata().getNamespace();
    Optional<T> read =
        specs
            .read(namespace, object.getMetadata().getName())
            .filter(it -> it.getMetadata().getUid().equals(object.getMetadata().getUid()));
    if (read.isEmpty()) {
      throw gone(id, namespace);
    }
    known.learn(read.get());
    return read.get();
  }

  /** A page of the workspace's objects, the newest first. */
  Page<T> page(String workspace, ListQuery query, Predicate<T> isArchived) throws WireError {
    ListCursor cursor = query.page().isEmpty() ? null : cursor(query.page().get(), query);
    List<T> all =
        known.in(workspace).stream()
            .filter(it -> query.archived() || !isArchived.test(it))
            .filter(it -> query.created().isOpen() || query.created().holds(createdAt(it)))
            .sorted(NEWEST_FIRST)
            .filter(it -> cursor == null || isBehind(it, cursor))
            .limit(query.limit() + 1L)
            .toList();
    if (all.size() <= query.limit()) {
      return new Page<>(all, null);
    }
    List<T> page = all.subList(0, query.limit());
    T last = page.getLast();
    return new Page<>(
        page,
        new ListCursor(kind, last.getMetadata().getCreationTimestamp(), last.getMetadata().getUid())
            .encode());
  }

  private ListCursor cursor(String text, ListQuery query) throws WireError {
    ListCursor cursor = ListCursor.decode(text, kind);
    try {
      if (query.created().holds(Instant.parse(cursor.first()))) {
        return cursor;
      }
    } catch (DateTimeParseException _) {
      throw WireError.invalid("page: not a cursor of this list: use next_page as it came");
    }
    throw WireError.invalid("page: the cursor is outside of what created_at asks for");
  }

  private static boolean isBehind(HasMetadata object, ListCursor cursor) {
    int order = object.getMetadata().getCreationTimestamp().compareTo(cursor.first());
    return order < 0
        || (order == 0 && object.getMetadata().getUid().compareTo(cursor.second()) < 0);
  }

  /**
   * What the same request has made before; empty if there is nothing.
   *
   * @param key of the request; null for none
   * @throws WireError 409 when the key stands for something else
   */
  Optional<T> before(String workspace, @Nullable RequestKey key) throws WireError {
    if (key == null) {
      return Optional.empty();
    }
    Optional<T> found = specs.read(workspace, key.name(kind));
    if (found.isEmpty()) {
      return found;
    }
    if (!key.made(found.get())) {
      throw WireError.conflict(RequestKey.conflict(found.get()));
    }
    if (found.get().getMetadata().getDeletionTimestamp() != null) {
      throw WireError.notNow(
          "the " + kind + " that this Idempotency-Key made is being deleted: try again");
    }
    known.learn(found.get());
    return found;
  }

  /**
   * Makes an object.
   *
   * @param name the key's, if there is a key
   * @param key of the request; null for none
   * @param annotations beside those of the key
   * @return empty if another object has the name
   */
  Optional<T> make(
      String workspace,
      String name,
      @Nullable RequestKey key,
      Map<String, String> annotations,
      ObjectNode spec)
      throws WireError {
    Map<String, String> all = new HashMap<>(annotations);
    if (key != null) {
      all.putAll(key.annotations());
    }
    return write(SpecObjects.Change.create(workspace, name, all, spec));
  }

  /**
   * Writes a change.
   *
   * @return the object afterwards; empty if it has changed since it was read, or if another has the
   *     name of a new one
   * @throws WireError when fields are somebody else's, or the cluster refuses
   */
  Optional<T> write(SpecObjects.Change change) throws WireError {
    return switch (specs.apply(change)) {
      case Applied.Done<T>(T object) -> {
        known.learn(object);
        yield Optional.of(object);
      }
      case Applied.Stale<T> _, Applied.Taken<T> _ -> Optional.empty();
      case Applied.Owned<T>(List<FieldOwner> owners) -> throw owned(owners);
      case Applied.Refused<T>(String message) ->
          throw WireError.invalid("the cluster refused: " + message);
    };
  }

  /** A refusal that names every owner. */
  static WireError owned(List<FieldOwner> owners) {
    return WireError.conflict(FieldOwner.describe(owners));
  }
}
