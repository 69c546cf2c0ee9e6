package dev.rouse.server.wire;

import dev.rouse.session.Ids;
import java.util.Locale;

/** Names of objects that are made through the API: readable, and not taken. */
final class ObjectNames {

  /** Leaves room for what is added to the names of things that belong to the object. */
  private static final int LENGTH = 40;

  private static final int RANDOM = 8;

  private ObjectNames() {}

  /**
   * A name for a new object.
   *
   * @param shown what people call it
   * @param otherwise what it is called if nothing of that can stand in a name
   */
  static String of(String shown, String otherwise, Ids ids) {
    String slug =
        shown.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String cut = slug.substring(0, Math.min(slug.length(), LENGTH)).replaceAll("^[^a-z]+|-$", "");
    String id = ids.next("n").substring("n_".length()).toLowerCase(Locale.ROOT);
    return (cut.isEmpty() ? otherwise : cut) + "-" + id.substring(0, RANDOM);
  }
}
