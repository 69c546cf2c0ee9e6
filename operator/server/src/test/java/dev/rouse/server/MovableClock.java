package dev.rouse.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes only when told to. */
public final class MovableClock extends Clock {

  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  public synchronized void forward(Duration time) {
    now = now.plus(time);
  }

  /** Sets it back, as somebody does who finds it wrong. */
  public synchronized void back(Duration time) {
    now = now.minus(time);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
