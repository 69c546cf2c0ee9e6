package dev.rouse.server.resource;

import dev.rouse.api.SessionSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an API caller changes of a Session's spec. What is not named stays as it is.
 *
 * @param title the new title, or null to leave it
 * @param put metadata to set, by key
 * @param removed keys of metadata to take away
 * @param archive whether the session is to be archived
 * @param budget the new budget, or null to leave it
 */
public record SessionChange(
    @Nullable Title title,
    Map<String, String> put,
    Set<String> removed,
    boolean archive,
    @Nullable Budget budget) {

  /** The session is archived and nothing else changes. */
  public static final SessionChange ARCHIVE =
      new SessionChange(null, Map.of(), Set.of(), true, null);

  public SessionChange {
    put = Map.copyOf(put);
    removed = Set.copyOf(removed);
  }

  /** A title. @param text null for none */
  public record Title(@Nullable String text) {}

  /** A budget. @param limit null for none */
  public record Budget(SessionSpec.@Nullable Budget limit) {}

  /**
   * The change that takes this one back; what others have changed since stays.
   *
   * @param before the spec that this was made to
   * @param now the spec as it is
   */
  public SessionChange back(SessionSpec before, SessionSpec now) {
    boolean titled =
        title != null
            && Objects.equals(title.text(), now.title())
            && !Objects.equals(before.title(), now.title());
    Map<String, String> restored = new HashMap<>();
    Set<String> gone = new HashSet<>();
    put.forEach((key, value) -> {
      String was = before.metadata().get(key);
      if (value.equals(now.metadata().get(key)) && was == null) {
        gone.add(key);
      } else if (value.equals(now.metadata().get(key)) && !value.equals(was)) {
        restored.put(key, was);
      }
    });
    for (String key : removed) {
      String was = before.metadata().get(key);
      if (was != null && !now.metadata().containsKey(key)) {
        restored.put(key, was);
      }
    }
    // One that was removed cannot be given back, so it stays removed; the log follows.
    boolean rebudgeted =
        budget != null
            && budget.limit() != null
            && budget.limit().equals(now.budget())
            && !budget.limit().equals(before.budget());
    return new SessionChange(
        titled ? new Title(before.title()) : null,
        restored,
        gone,
        false,
        rebudgeted ? new Budget(before.budget()) : null);
  }

  /** The same without a budget that the spec has already: who manages that keeps it. */
  public SessionChange unlessHeld(SessionSpec spec) {
    return budget != null && Objects.equals(budget.limit(), spec.budget())
        ? new SessionChange(title, put, removed, archive, null)
        : this;
  }

  /** Whether nothing is asked for. */
  public boolean isEmpty() {
    return title == null && put.isEmpty() && removed.isEmpty() && !archive && budget == null;
  }
}
