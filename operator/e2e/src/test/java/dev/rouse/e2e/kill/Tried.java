package dev.rouse.e2e.kill;

import org.jspecify.annotations.Nullable;

/**
 * What one case of one run came to.
 *
 * @param store over which
 * @param seed of the run
 * @param revision of the sources
 * @param point where
 * @param component what was struck
 * @param failure null if all was as it must be
 */
record Tried(
    String store,
    long seed,
    String revision,
    String point,
    String component,
    @Nullable String failure) {

  /** Tells it from all others; the same when it is run again. */
  String key() {
    return store + " " + seed + " " + row();
  }

  String row() {
    return point + " | " + component;
  }

  boolean failed() {
    return failure != null;
  }
}
