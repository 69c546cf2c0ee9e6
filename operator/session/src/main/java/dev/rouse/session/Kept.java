package dev.rouse.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps that are kept as they came: a record that is written again reads as it did before. */
public final class Kept {

  private Kept() {}

  /** A copy that nobody changes, in the same order; empty for none. */
  public static <V> Map<String, V> inOrder(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
