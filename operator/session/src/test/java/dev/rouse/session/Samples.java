package dev.rouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes an event of any type, with every field or with the required ones only. */
final class Samples {

  private Samples() {}

  static <T extends Event> T full(Class<T> type) {
    return type.cast(make(type, true));
  }

  static <T extends Event> T sparse(Class<T> type) {
    return type.cast(make(type, false));
  }

  private static Object make(Class<?> type, boolean full) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = Arrays.stream(components).map(component -> value(component, full)).toArray();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("cannot make a " + type, e);
    }
  }

  private static @Nullable Object value(RecordComponent component, boolean full) {
    return isNullable(component.getAnnotatedType()) && !full
        ? null
        : value(component.getName(), component.getGenericType(), full);
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  private static Object value(String name, Type type, boolean full) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[generic.getRawType() == Map.class ? 1 : 0];
      if (generic.getRawType() == List.class) {
        return full ? List.of(value(name, element, true)) : List.of();
      }
      boolean further = "more".equals(name) || "fields".equals(name);
      return full ? Map.of(further ? "x_" + name : "k", value(name, element, true)) : Map.of();
    }
    Class<?> raw = (Class<?>) type;
    if (raw == String.class) {
      return name + "-text \u00e9\u2028\"\\";
    } else if (raw == int.class || raw == Integer.class) {
      return 7;
    } else if (raw == long.class) {
      return 1L << 40;
    } else if (raw == boolean.class || raw == Boolean.class) {
      return true;
    } else if (raw == ObjectNode.class) {
      return EventCodec.JSON.createObjectNode().put("k", "v");
    } else if (raw == JsonNode.class) {
      return "more".equals(name) ? IntNode.valueOf(3) : EventCodec.JSON.createArrayNode().add(1);
    } else if (raw == ContentBlock.class) {
      return ContentBlock.text("hello");
    } else if (raw == Event.class) {
      return make(UserEvent.Message.class, full);
    } else if (raw.isRecord()) {
      return make(raw, full);
    }
    throw new AssertionError("no sample for " + type + " " + name);
  }
}
