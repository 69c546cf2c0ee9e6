package dev.rouse.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A path with places, for example {@code /v1/sessions/{id}/events}.
 *
 * @param text the template as written
 */
public record PathTemplate(String text) {

  /**
   * What stands in the places, in their order; empty if {@code path} is another one. A place is one
   * whole, non-empty segment.
   */
  public Optional<List<String>> match(String path) {
    String[] wanted = text.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return Optional.empty();
    }
    List<String> places = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{") && !given[i].isEmpty()) {
        places.add(given[i]);
      } else if (!wanted[i].equals(given[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(places);
  }

  /** Whether {@code path} is one of these, or lies below one. */
  public boolean leadsTo(String path) {
    String[] given = path.split("/", -1);
    int depth = text.split("/", -1).length;
    return given.length >= depth
        && match(String.join("/", List.of(given).subList(0, depth))).isPresent();
  }

  @Override
  public String toString() {
    return text;
  }
}
