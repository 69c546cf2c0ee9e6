package dev.rouse.server.metrics;

import dev.rouse.api.Session;
import dev.rouse.api.probe.Meters;
import dev.rouse.log.LogSettings;
import dev.rouse.server.http.HttpEdge;
import dev.rouse.server.resource.Sessions;
import dev.rouse.session.Phase;

/** What is asked for at each scrape. */
public final class ServerGauges {

  private ServerGauges() {}

  /** Shows them. Sessions are those that this server knows of, so every server shows the same. */
  public static void show(Meters meters, Sessions sessions, HttpEdge edge, LogSettings limits) {
    for (Phase phase : Phase.values()) {
      meters.gauge(
          "rouse.sessions",
          "Session objects by the phase in their status; running and rescheduling ones are due",
          sessions,
          it -> it.count(ServerGauges::phase).getOrDefault(phase.title(), 0L),
          "phase",
          Meters.text(phase));
    }
    meters.gauge("rouse.http.calls", "HTTP calls under way", edge, HttpEdge::inFlight);
    meters.gauge("rouse.http.streams", "Event streams that are open", edge, HttpEdge::streams);
    meters.gauge(
        "rouse.http.streams.waiting.bytes",
        "Bytes that wait for slow readers of event streams",
        edge,
        HttpEdge::waitingBytes);
    meters.gauge(
        "rouse.log.limit.bytes",
        "Bytes of all logs together from which new input is refused",
        limits,
        it -> it.maxTotalBytes() == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : it.maxTotalBytes());
  }

  private static String phase(Session session) {
    return session.getStatus() == null || session.getStatus().phase() == null
        ? Phase.PENDING.title()
        : session.getStatus().phase();
  }
}
