package dev.rouse.log;

import dev.rouse.session.Budget;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session is to be called, and what it may cost.
 *
 * @param title null for none
 * @param metadata may be empty
 * @param budget null for no limit
 */
public record Description(
    @Nullable String title, Map<String, String> metadata, @Nullable Budget budget) {
  public Description {
    metadata = Map.copyOf(metadata);
  }

  /** Of a session without a budget. */
  public Description(@Nullable String title, Map<String, String> metadata) {
    this(title, metadata, null);
  }
}
