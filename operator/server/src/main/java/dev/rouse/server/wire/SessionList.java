package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.WireIds;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogException;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.Position;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.server.resource.Sessions;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages of a workspace's sessions. Objects are in memory and in order; logs are read for what is
 * shown only, several at a time, and asked for their head where they are known to have moved.
 */
final class SessionList {

  private static final Logger LOG = LoggerFactory.getLogger(SessionList.class);

  /** Logs that are read at the same time, for all lists together. */
  private static final int AT_ONCE = 16;

  /** Objects that are looked at in one go. */
  private static final int CHUNK = 128;

  private final Sessions sessions;
  private final Objects<Agent> agents;
  private final SessionLogs logs;
  private final ToLongFunction<String> seenHead;
  private final Semaphore reading = new Semaphore(AT_ONCE);
  private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();

  private record Found(Session session, SessionState state) {}

  /**
   * Lists sessions.
   *
   * @param agents as known: a filter by agent is answered from objects while the agent exists
   * @param seenHead a head that a session's log is known to have reached, by UID
   */
  SessionList(
      Sessions sessions, Objects<Agent> agents, SessionLogs logs, ToLongFunction<String> seenHead) {
    this.sessions = sessions;
    this.agents = agents;
    this.logs = logs;
    this.seenHead = seenHead;
  }

  /** The page's body, {@code {data, next_page, prev_page}}. */
  ObjectNode page(String namespace, SessionQuery query) throws InterruptedException {
    SessionCursor cursor = query.cursor();
    boolean back = cursor != null && cursor.back();
    List<Found> found =
        walk(
            namespace, query, cursor == null ? null : cursor.position(), query.ascending() != back);
    boolean more = found.size() > query.limit();
    if (more) {
      found.removeLast();
    }
    if (back) {
      Collections.reverse(found);
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode data = body.putArray("data");
    found.forEach(it -> data.add(SessionBody.of(it.session(), it.state())));
    boolean next = back ? !found.isEmpty() : more;
    boolean prev = back ? more : cursor != null && !found.isEmpty();
    body.put("next_page", next ? cursor(query, false, found.getLast()) : null);
    body.put("prev_page", prev ? cursor(query, true, found.getFirst()) : null);
    return body;
  }

  private static String cursor(SessionQuery query, boolean back, Found at) {
    return new SessionCursor(query.ascending(), back, Position.of(at.session())).encode();
  }

  /** The sessions of the page and one more, if there is one. */
  private List<Found> walk(
      String namespace, SessionQuery query, @Nullable Position from, boolean ascending)
      throws InterruptedException {
    List<Found> found = new ArrayList<>();
    Predicate<Session> isOfTheAgent = ofTheAgent(query);
    @Nullable Position at = from;
    while (found.size() <= query.limit()) {
      List<Session> some = sessions.list(namespace, at, ascending, CHUNK);
      if (some.isEmpty()) {
        return found;
      }
      at = Position.of(some.getLast());
      List<Session> likely =
          some.stream().filter(isOfTheAgent).filter(it -> mayPass(it, query)).toList();
      int next = 0;
      while (next < likely.size() && found.size() <= query.limit()) {
        int end = Math.min(likely.size(), next + query.limit() + 1 - found.size());
        load(likely.subList(next, end)).stream()
            .filter(it -> passes(it, query))
            .forEach(found::add);
        next = end;
      }
    }
    return found;
  }

  /**
   * Whether a session may be of the agent that is asked for. Neither the name of an agent nor the
   * one that a session refers to ever changes; of an agent that is gone the name is not known, and
   * the log is asked.
   */
  private Predicate<Session> ofTheAgent(SessionQuery query) {
    Optional<Agent> agent =
        Optional.ofNullable(query.agentId()).flatMap(WireIds::agentUidOf).flatMap(agents::get);
    return session ->
        agent.isEmpty()
            || agent.get().getMetadata().getName().equals(session.getSpec().agentRef().name());
  }

  /** Whether a session may be wanted, by what its object says; the object may trail the log. */
  private boolean mayPass(Session session, SessionQuery query) {
    SessionStatus status = session.getStatus();
    if (!query.archived() && session.getSpec().isToBeArchived() && hasEnded(status)) {
      return false;
    }
    boolean trails =
        status == null
            || seenHead.applyAsLong(session.getMetadata().getUid()) > ServerPart.head(session);
    return query.created().holds(Position.of(session).created())
        && (trails || query.statuses().isEmpty() || query.statuses().contains(wire(status.phase())))
        && (query.agentVersion() == null
            || status == null
            || status.agentVersion() == null
            || query.agentVersion().equals(status.agentVersion()));
  }

  /** What has ended is never seen otherwise again. */
  private static boolean hasEnded(@Nullable SessionStatus status) {
    return status != null && Phase.TERMINATED.title().equals(status.phase());
  }

  private static String wire(@Nullable String phase) {
    return phase == null || phase.equals(Phase.PENDING.title())
        ? Phase.IDLE.wireName()
        : phase.toLowerCase(Locale.ROOT);
  }

  private static boolean passes(Found found, SessionQuery query) {
    InternalEvent.Created created = found.state().created();
    return created != null
        && (query.agentId() == null || query.agentId().equals(created.agent().id()))
        && (query.agentVersion() == null || query.agentVersion() == created.agent().version())
        && (query.statuses().isEmpty()
            || query.statuses().contains(found.state().phase().wireName()))
        && (query.archived() || SessionBody.archivedAt(found.session(), found.state()).isEmpty());
  }

  private List<Found> load(List<Session> some) throws InterruptedException {
    List<Future<Optional<Found>>> reads = new ArrayList<>();
    some.forEach(session -> reads.add(readers.submit(() -> load(session))));
    List<Found> found = new ArrayList<>();
    for (Future<Optional<Found>> read : reads) {
      try {
        read.get().ifPresent(found::add);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof LogException log) {
          throw log;
        }
        throw new IllegalStateException("a session could not be read for a list", e.getCause());
      }
    }
    return found;
  }

  private Optional<Found> load(Session session) throws InterruptedException {
    reading.acquire();
    try {
      SessionLog log = logs.of(LogKeys.of(session));
      String uid = session.getMetadata().getUid();
      SessionState state = log.cachedState();
      if (state.head() < Math.max(seenHead.applyAsLong(uid), ServerPart.head(session))) {
        state = log.state();
      }
      return Optional.of(new Found(session, state));
    } catch (LogDeleted _) {
      return Optional.empty();
    } catch (LogException e) {
      if (e.isRetryable()) {
        throw e;
      }
      // One log that cannot be read must not hide all others.
      LOG.atWarn()
          .addKeyValue("namespace", session.getMetadata().getNamespace())
          .addKeyValue("session", session.getMetadata().getUid())
          .setCause(e)
          .log("left out of a list: its log cannot be read");
      return Optional.empty();
    } finally {
      reading.release();
    }
  }
}
