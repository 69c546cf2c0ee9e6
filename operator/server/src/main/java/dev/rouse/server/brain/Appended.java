package dev.rouse.server.brain;

/** Hears that a brain's call appended to a session's log. */
@FunctionalInterface
public interface Appended {
  void appended(String sessionUid);
}
