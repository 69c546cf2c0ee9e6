package dev.rouse.devcluster.model.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.devcluster.model.judge.FaultException;
import dev.rouse.devcluster.model.judge.FaultKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A JSON object that knows its place in the request, so that every complaint can name it. */
public final class JsonReader {

  private final String place;
  private final JsonNode node;

  /**
   * Opens an object.
   *
   * @throws FaultException if it is none
   */
  public JsonReader(String place, JsonNode node) {
    this.place = place;
    this.node = node;
    if (!node.isObject()) {
      throw fault(FaultKind.WRONG_TYPE, place, "must be an object");
    }
  }

  public String place() {
    return place;
  }

  public JsonNode node() {
    return node;
  }

  public void allowOnly(Set<String> fields) {
    node.properties()
        .forEach(field -> {
          if (!fields.contains(field.getKey())) {
            throw fault(
                FaultKind.UNKNOWN_FIELD, at(field.getKey()), "extra inputs are not permitted");
          }
        });
  }

  public boolean has(String field) {
    return node.has(field);
  }

  public JsonNode required(String field) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw fault(FaultKind.MISSING_FIELD, at(field), "field required");
    }
    return value;
  }

  public String text(String field) {
    JsonNode value = required(field);
    if (!value.isTextual()) {
      throw fault(FaultKind.WRONG_TYPE, at(field), "must be a string");
    }
    return value.textValue();
  }

  public boolean flag(String field) {
    JsonNode value = node.get(field);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw fault(FaultKind.WRONG_TYPE, at(field), "must be a boolean");
    }
    return value.booleanValue();
  }

  /** A limit of tokens. */
  public void atLeastOne(String field) {
    JsonNode limit = required(field);
    if (!limit.isIntegralNumber() || limit.asLong() < 1) {
      throw new FaultException(
          FaultKind.BAD_MAX_TOKENS, at(field), "must be a whole number of at least 1");
    }
  }

  public JsonReader object(String field) {
    return new JsonReader(at(field), required(field));
  }

  /** The objects of a list. */
  public List<JsonReader> objects(String field) {
    JsonNode list = required(field);
    if (!list.isArray()) {
      throw fault(FaultKind.WRONG_TYPE, at(field), "must be a list");
    }
    var objects = new ArrayList<JsonReader>();
    for (JsonNode item : list) {
      objects.add(new JsonReader("%s.%d".formatted(at(field), objects.size()), item));
    }
    return objects;
  }

  public String at(String field) {
    return place.isEmpty() ? field : place + "." + field;
  }

  public static FaultException fault(FaultKind kind, String place, String problem) {
    return new FaultException(kind, place.isEmpty() ? "body" : place, problem);
  }
}
