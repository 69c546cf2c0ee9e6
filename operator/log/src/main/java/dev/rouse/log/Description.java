package dev.rouse.log;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How people tell a session from others.
 *
 * @param title null for none
 * @param metadata free labels; may be empty
 */
public record Description(@Nullable String title, Map<String, String> metadata) {
  public Description {
    metadata = Map.copyOf(metadata);
  }
}
