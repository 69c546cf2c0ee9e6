package dev.rouse.log;

import dev.rouse.session.Event;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import java.util.List;
import java.util.Optional;

/** What the session's own rules look at when they judge; valid only during the judgement. */
interface LogView {

  LogKey key();

  SessionState state();

  /** The same, also of half a copy, which has no other state. */
  SessionState copied();

  /** The state as it would be with these events appended. */
  SessionState after(List<Event> events);

  /** The record that first gave this answer. */
  Optional<LogRecord> first(Answer answer);

  /** How much room is left. */
  Room room();
}
