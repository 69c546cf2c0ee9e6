package dev.rouse.server.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who owns which fields of an object, by its {@code managedFields}. Server-side apply takes away
 * what a manager owned and does not apply again, so whoever changes one field must know the rest.
 */
final class Ownership {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIELD = "f:";

  private Ownership() {}

  /**
   * The part of {@code spec} that {@code manager} has applied.
   *
   * @param spec the object's whole spec
   */
  static ObjectNode appliedSpec(ObjectMeta metadata, JsonNode spec, String manager) {
    ObjectNode part = JSON.createObjectNode();
    for (ManagedFieldsEntry entry : entries(metadata)) {
      if (manager.equals(entry.getManager())
          && "Apply".equals(entry.getOperation())
          && Objects.requireNonNullElse(entry.getSubresource(), "").isEmpty()) {
        copy(fields(entry).path(FIELD + "spec"), spec, part);
      }
    }
    return part;
  }

  /** A manager other than {@code manager} that owns the field at this path below {@code spec}. */
  static Optional<String> otherOwner(ObjectMeta metadata, String manager, List<String> path) {
    return entries(metadata).stream()
        .filter(entry -> !manager.equals(entry.getManager()))
        .filter(entry -> {
          JsonNode owned = fields(entry).path(FIELD + "spec");
          for (String name : path) {
            owned = owned.path(FIELD + name);
          }
          return !owned.isMissingNode();
        })
        .map(ManagedFieldsEntry::getManager)
        .findFirst();
  }

  private static List<ManagedFieldsEntry> entries(ObjectMeta metadata) {
    return Objects.requireNonNullElse(metadata.getManagedFields(), List.of());
  }

  private static JsonNode fields(ManagedFieldsEntry entry) {
    return entry.getFieldsV1() == null
        ? JSON.createObjectNode()
        : JSON.valueToTree(entry.getFieldsV1());
  }

  private static void copy(JsonNode owned, JsonNode from, ObjectNode to) {
    owned
        .properties()
        .forEach(field -> {
          if (!field.getKey().startsWith(FIELD)) {
            return;
          }
          String name = field.getKey().substring(FIELD.length());
          JsonNode value = from.path(name);
          if (value.isObject() && !field.getValue().isEmpty()) {
            copy(field.getValue(), value, to.withObject("/" + pointer(name)));
          } else if (!value.isMissingNode()) {
            to.set(name, value);
          }
        });
  }

  /** A name as one step of a JSON pointer. */
  private static String pointer(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
