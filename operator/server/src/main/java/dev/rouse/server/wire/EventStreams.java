package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.log.Follower;
import dev.rouse.log.LogException;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.http.Call;
import dev.rouse.server.http.ResponseStream;
import dev.rouse.server.http.ServerSentEvents;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Sessions;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open event streams (contract §2.6): every record from the opening on, once and in order, and
 * previews between them for who asked.
 */
final class EventStreams {

  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

  /**
   * What a stream does by time.
   *
   * @param keepAlive how long it may be silent
   * @param glance how soon it notices that its client is gone
   * @param rights how soon it ends when its caller lost the right, beside how long answers are
   *     remembered
   * @param longest when it ends: clients open a new one, and what they hold forgotten goes
   */
  record Times(Duration keepAlive, Duration glance, Duration rights, Duration longest) {

    static final Times DEFAULTS =
        new Times(
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofHours(1));
  }

  private final SessionLogs logs;
  private final Sessions sessions;
  private final Clock clock;
  private final Ids ids;
  private final Times times;
  private final Map<String, Set<Preview>> previews = new ConcurrentHashMap<>();

  EventStreams(SessionLogs logs, Sessions sessions, Clock clock, Ids ids, Times times) {
    this.logs = logs;
    this.sessions = sessions;
    this.clock = clock;
    this.ids = ids;
    this.times = times;
  }

  /**
   * Shows previews on the session's open streams; a slow one goes without.
   *
   * @param span the model request that they belong to
   * @param head a head of the log at which that request was open
   */
  void show(String sessionUid, String span, long head, List<JsonNode> events) {
    List<Preview.Piece> pieces =
        events.stream().map(event -> new Preview.Piece(span, head, event)).toList();
    for (Preview preview : previews.getOrDefault(sessionUid, Set.of())) {
      pieces.forEach(preview::show);
    }
  }

  /**
   * Streams until the client goes, the session ends, or the caller loses the right.
   *
   * @param internal the runtime's own events, too
   * @param deltas types of events whose previews are wanted
   * @param allowed asked now and then
   */
  void stream(
      Call call, Session session, boolean internal, Set<String> deltas, BooleanSupplier allowed)
      throws InterruptedException {
    String uid = session.getMetadata().getUid();
    SessionLog log = logs.of(LogKeys.of(session));
    // The head is the store's: what was acknowledged before is history, what comes is the stream's.
    SessionState opened = log.state();
    try (Follower follower = log.follow(opened.head() + 1);
        ResponseStream out =
            call.withHeader("cache-control", "no-cache, no-transform").stream(
                ServerSentEvents.CONTENT_TYPE)) {
      out.write(ServerSentEvents.comment(" connected"));
      Preview preview = new Preview(out::offer, deltas, opened);
      register(uid, preview);
      try {
        boolean toldAll = run(out, follower, preview, internal, allowed);
        if (!toldAll && follower.ended() && out.isOpen() && isGone(uid)) {
          out.write(ServerSentEvents.named("message", deleted()));
        }
      } finally {
        unregister(uid, preview);
      }
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("session", uid).setCause(e).log("a stream's client is gone");
    } catch (LogException e) {
      if (!call.isAnswered()) {
        throw e;
      }
      // The stream has ended in good order, which clients take for a reason to come again.
      LOG.atWarn().addKeyValue("session", uid).setCause(e).log("a stream ended early");
    }
  }

  private void register(String uid, Preview preview) {
    previews.compute(
        uid,
        (_, known) -> {
          Set<Preview> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(preview);
          return all;
        });
  }

  private void unregister(String uid, Preview preview) {
    previews.computeIfPresent(
        uid,
        (_, known) -> {
          known.remove(preview);
          return known.isEmpty() ? null : known;
        });
  }

  /** Streams what the log says. @return whether that was its end */
  private boolean run(
      ResponseStream out,
      Follower follower,
      Preview preview,
      boolean internal,
      BooleanSupplier allowed)
      throws IOException, InterruptedException {
    long opened = System.nanoTime();
    long said = opened;
    long asked = opened;
    boolean terminated = false;
    while (out.isOpen()
        && !follower.ended()
        && System.nanoTime() - opened < times.longest().toNanos()) {
      // What is to be deleted says so in the commit that ends it: the rest of that is there, too.
      List<LogRecord> records = follower.next(terminated ? Duration.ZERO : times.glance());
      if (terminated && records.isEmpty()) {
        return true;
      }
      for (LogRecord record : records) {
        preview.before(record);
        if (internal || !WireEvents.isInternal(record)) {
          out.write(ServerSentEvents.named("message", WireEvents.processed(record)));
          said = System.nanoTime();
        }
        preview.after(record);
        terminated |= record.event() instanceof SessionEvent.StatusTerminated;
      }
      if (System.nanoTime() - asked >= times.rights().toNanos()) {
        if (!allowed.getAsBoolean()) {
          return terminated;
        }
        asked = System.nanoTime();
      }
      if (System.nanoTime() - said >= times.keepAlive().toNanos()) {
        out.write(ServerSentEvents.comment("keepalive"));
        said = System.nanoTime();
      }
    }
    return terminated;
  }

  private boolean isGone(String uid) {
    // The log may go a moment before its owner does, or before a watch tells of that.
    return sessions
        .refresh(uid)
        .filter(session -> session.getMetadata().getDeletionTimestamp() == null)
        .isEmpty();
  }

  private ObjectNode deleted() {
    ObjectNode json = EventCodec.toJson(new SessionEvent.Deleted(ids.event()));
    json.put("processed_at", EventCodec.timestamp(clock.instant()));
    return json;
  }
}
