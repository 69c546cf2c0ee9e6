package dev.rouse.log;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a copy's records come from.
 *
 * @param kind why it is made, which decides what becomes of a turn that was under way
 * @param namespace the source's; null to take it from record 0
 * @param name the source's; null to take it from record 0
 */
public record Source(Kind kind, @Nullable String namespace, @Nullable String name) {

  /** Why a copy is made. */
  public enum Kind {
    /** Out of a file, whole. What waits for people goes on waiting. */
    IMPORT,
    /** From a session that ends there, whole. What waits for people goes on waiting. */
    MOVE,
    /** Of a session that goes on by itself, up to any record. Nothing is left open. */
    FORK;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
