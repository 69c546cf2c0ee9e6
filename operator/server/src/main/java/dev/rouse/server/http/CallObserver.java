package dev.rouse.server.http;

import java.time.Duration;

/** Hears of every call that was answered; must not block. */
@FunctionalInterface
public interface CallObserver {

  /** One who does not look. */
  CallObserver NONE = (_, _, _) -> {};

  /**
   * An answer has begun, which for a stream may be long before its end.
   *
   * @param route method and path template, such as {@code GET /v1/sessions/{session}}, or {@link
   *     Call#NO_ROUTE}: nothing that callers make up
   * @param status of the answer
   * @param took until the answer began
   */
  void answered(String route, int status, Duration took);
}
