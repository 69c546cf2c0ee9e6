package dev.rouse.server.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who owns which field of an object's spec, from {@code metadata.managedFields}; and what the API
 * must apply to make a change without taking over what others own, or letting go of its own.
 *
 * <p>Objects are owned field by field, lists as a whole, as our schemas say.
 */
public final class OwnedFields {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

  /** What somebody owns of the spec. @param fields with {@code f:} before each name */
  private record Share(String manager, JsonNode fields) {}

  /**
   * What to apply.
   *
   * @param spec the fields that the API owns afterwards
   * @param owners of fields that would have to go and are not the API's to take away
   */
  public record Plan(ObjectNode spec, List<FieldOwner> owners) {}

  private final JsonNode mine;
  private final List<Share> others;

  private OwnedFields(JsonNode mine, List<Share> others) {
    this.mine = mine;
    this.others = others;
  }

  /** Of an object as read. */
  public static OwnedFields of(HasMetadata object) {
    JsonNode mine = NOTHING;
    List<Share> others = new ArrayList<>();
    for (ManagedFieldsEntry entry : object.getMetadata().getManagedFields()) {
      JsonNode spec = spec(entry);
      if (!isOfTheObject(entry) || spec.isEmpty()) {
        continue;
      }
      if (Rouse.API_MANAGER.equals(entry.getManager()) && "Apply".equals(entry.getOperation())) {
        mine = spec;
      } else {
        others.add(new Share(String.valueOf(entry.getManager()), spec));
      }
    }
    return new OwnedFields(mine, others);
  }

  private static boolean isOfTheObject(ManagedFieldsEntry entry) {
    return entry.getSubresource() == null || entry.getSubresource().isEmpty();
  }

  private static JsonNode spec(ManagedFieldsEntry entry) {
    return entry.getFieldsV1() == null
        ? NOTHING
        : JSON.<JsonNode>valueToTree(entry.getFieldsV1()).path("f:spec");
  }

  /** When a field of the spec's top level was last written, as far as it is recorded. */
  public static Optional<Instant> writtenAt(HasMetadata object, String field) {
    return object.getMetadata().getManagedFields().stream()
        .filter(it -> isOfTheObject(it) && spec(it).has("f:" + field) && it.getTime() != null)
        .map(it -> OffsetDateTime.parse(it.getTime()).toInstant())
        .max(Instant::compareTo);
  }

  /** When anything but the status was last written, as far as it is recorded. */
  public static Optional<Instant> writtenAt(HasMetadata object) {
    return object.getMetadata().getManagedFields().stream()
        .filter(it -> isOfTheObject(it) && it.getTime() != null)
        .map(it -> OffsetDateTime.parse(it.getTime()).toInstant())
        .max(Instant::compareTo);
  }

  /** How the spec {@code before} becomes {@code after}. */
  public Plan plan(ObjectNode before, ObjectNode after) {
    List<FieldOwner> owners = new ArrayList<>();
    ObjectNode spec = merge(before, after, mine, List.of(), owners);
    return new Plan(spec, List.copyOf(owners));
  }

  private ObjectNode merge(
      JsonNode before, JsonNode after, JsonNode owned, List<String> path, List<FieldOwner> owners) {
    ObjectNode applied = JsonNodeFactory.instance.objectNode();
    Set<String> names = new LinkedHashSet<>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      List<String> here = new ArrayList<>(path);
      here.add(name);
      JsonNode own = owned.path("f:" + name);
      JsonNode now = after.get(name);
      JsonNode was = before.get(name);
      if (now == null) {
        owners.addAll(holders(here, own));
      } else if (now.isObject() && was != null && was.isObject()) {
        ObjectNode part = merge(was, now, own, here, owners);
        if (!part.isEmpty() || (own.isObject() && own.isEmpty() && now.equals(was))) {
          applied.set(name, part.isEmpty() ? now : part);
        }
      } else if (!now.equals(was) || !own.isMissingNode()) {
        applied.set(name, now);
      }
    }
    return applied;
  }

  /** Who keeps a field in place when the API lets go of it. */
  private List<FieldOwner> holders(List<String> path, JsonNode own) {
    String field = ".spec." + String.join(".", path);
    List<FieldOwner> holders = new ArrayList<>();
    for (Share share : others) {
      JsonNode node = share.fields();
      for (String name : path) {
        node = node.path("f:" + name);
      }
      if (!node.isMissingNode()) {
        holders.add(new FieldOwner(share.manager(), field));
      }
    }
    if (holders.isEmpty() && own.isMissingNode()) {
      holders.add(new FieldOwner("", field));
    }
    return holders;
  }
}
