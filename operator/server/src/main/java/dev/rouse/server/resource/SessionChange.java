package dev.rouse.server.resource;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an API caller changes of a Session's spec. What is not named stays as it is.
 *
 * @param title the new title, or null to leave it
 * @param put metadata to set, by key
 * @param removed keys of metadata to take away
 * @param archive whether the session is to be archived
 */
public record SessionChange(
    @Nullable Title title, Map<String, String> put, Set<String> removed, boolean archive) {

  /** The session is archived and nothing else changes. */
  public static final SessionChange ARCHIVE = new SessionChange(null, Map.of(), Set.of(), true);

  public SessionChange {
    put = Map.copyOf(put);
    removed = Set.copyOf(removed);
  }

  /** A title. @param text null for none */
  public record Title(@Nullable String text) {}

  /** Whether nothing is asked for. */
  public boolean isEmpty() {
    return title == null && put.isEmpty() && removed.isEmpty() && !archive;
  }
}
