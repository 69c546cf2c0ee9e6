package dev.rouse.e2e.bench;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** A session as large as the largest that was seen in the field wakes in a cluster just started. */
final class ColdStart {

  private static final int MESSAGES = 34;
  private static final int MESSAGE_BYTES = 75_000;

  private final Caller caller;
  private final Cluster cluster;

  ColdStart(Namespace namespace) {
    this.cluster = namespace.cluster();
    this.caller = Caller.of(namespace, "editor", List.of(cluster.serverUrl()));
  }

  List<Figure> measure() throws Exception {
    ApiSession session = ApiSession.create(caller, "listener", "cold start", "begin");
    Random random = new Random(7);
    for (int number = 0; number < MESSAGES; number++) {
      byte[] bytes = new byte[MESSAGE_BYTES];
      random.nextBytes(bytes);
      session.send(ApiSession.message(number + " " + Base64.getEncoder().encodeToString(bytes)));
    }
    session.work().awaitRest();
    session.work().awaitNoPods();
    double megabytes =
        session.work().log().stream().mapToLong(record -> record.event().toString().length()).sum()
            / 1e6;
    cluster.kill("server");
    cluster.awaitServer();

    int before = session.work().log().size();
    long start = System.nanoTime();
    Ack sent = session.send(ApiSession.message("and now?"));
    double acknowledged = (System.nanoTime() - start) / 1e6;
    session.work().awaitRest();
    List<LogRecord> log = session.work().log();
    List<LogRecord> after = log.subList(before, log.size());
    Instant woke = first(after, InternalEvent.Woken.class);
    return List.of(
        Figure.one("cold session: characters in its log", "million", megabytes),
        Figure.one("message → 2xx, by a server that has read nothing yet", "ms", acknowledged),
        Figure.one("→ the brain has woken", "ms", between(sent.at(), woke)),
        Figure.one(
            "→ it asks the model (whole log read and folded)",
            "ms",
            between(woke, first(after, SpanEvent.ModelRequestStart.class))),
        Figure.one(
            "message → idle again",
            "ms",
            between(sent.at(), first(after, SessionEvent.StatusIdle.class))));
  }

  private static Instant first(List<LogRecord> log, Class<? extends Event> type) {
    return log.stream()
        .filter(record -> type.isInstance(record.event()))
        .findFirst()
        .orElseThrow()
        .at();
  }

  private static double between(Instant from, Instant until) {
    return Duration.between(from, until).toNanos() / 1e6;
  }
}
