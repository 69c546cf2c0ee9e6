package dev.rouse.devcluster.model.script;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A way in which one attempt at a turn fails. */
public sealed interface Trouble {

  /**
   * The request is refused.
   *
   * @param status the HTTP status, 400 to 599
   * @param retryAfter what the {@code retry-after} header says, or null for no header
   */
  record Refuse(int status, @Nullable Duration retryAfter) implements Trouble {}

  /** The connection breaks once {@code events} events of the stream have been sent. */
  record Cut(int events) implements Trouble {}

  /** Once {@code events} events have been sent the stream says "overloaded" and ends. */
  record Break(int events) implements Trouble {}
}
