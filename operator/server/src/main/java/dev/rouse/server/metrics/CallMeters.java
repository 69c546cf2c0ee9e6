package dev.rouse.server.metrics;

import dev.rouse.api.probe.Buckets;
import dev.rouse.api.probe.Meters;
import dev.rouse.server.http.CallObserver;
import java.time.Duration;

/** Counts HTTP calls by route, which is a template and never a path, and by kind of answer. */
public final class CallMeters implements CallObserver {

  private final Meters meters;

  public CallMeters(Meters meters) {
    this.meters = meters;
  }

  @Override
  public void answered(String route, int status, Duration took) {
    meters
        .counter(
            "rouse.http.requests",
            "HTTP calls that were answered",
            "route",
            route,
            "status",
            status / 100 + "xx")
        .increment();
    meters
        .timer(
            "rouse.http.request",
            "Time until the answer to an HTTP call began",
            Buckets.CALL,
            "route",
            route)
        .record(took);
  }
}
