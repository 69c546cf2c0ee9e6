package dev.rouse.server.keeper;

import dev.rouse.api.Session;
import dev.rouse.api.reference.Lookup;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogTooNew;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.Subscription;
import dev.rouse.server.keeper.Keeping.Next;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.resource.StatusWriter;
import dev.rouse.session.Ids;
import dev.rouse.session.Phase;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps every Session object and its log together, one after the other for each session.
 *
 * <p>Three things draw attention to a session: its object is new or its spec has changed, this
 * process appended to its log, or another process did and no status says so after a while. What is
 * then to be done is for {@link Keeping} to find out.
 */
public final class SessionKeeper implements Sessions.Listener<Session>, AutoCloseable {

  /** Sessions that are worked on at the same time: spares the API server at start. */
  private static final int AT_ONCE = 16;

  /** Until then it is known whether a log went because its object did. */
  private static final Duration AFTER_ITS_OBJECT = Duration.ofSeconds(1);

  private final Sessions sessions;
  private final SessionLogs logs;
  private final LogStore store;
  private final SessionWriter specs;
  private final Creation creation;
  private final SessionChanges sessionChanges;
  private final Copies copies;
  private final Keeping keeping;
  private final StatusPace pace;
  private final SerialWork work;
  private final Subscription changes;
  private final Subscription damages;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("keeper-recheck").factory());

  /** Heads that logs are known to have reached. */
  private final Map<String, Long> heads = new ConcurrentHashMap<>();

  /** The generation of each object that was looked at last. */
  private final Map<String, Long> generations = new ConcurrentHashMap<>();

  /** The generation of each object that was kept last. */
  private final Map<String, Long> kept = new ConcurrentHashMap<>();

  /** Sessions that wait for something they refer to, with their namespace. */
  private final Map<String, String> waiting = new ConcurrentHashMap<>();

  /** Objects that are to go when their logs are gone. */
  private final Map<String, Session> leaving = new ConcurrentHashMap<>();

  /** Sessions whose log was found damaged, until it is read whole. */
  private final Set<String> suspects = ConcurrentHashMap.newKeySet();

  /** How often things are looked at. @param statusEvery the least time between unhurried writes */
  public record Pace(Duration recheck, Duration statusEvery) {}

  public SessionKeeper(
      Sessions sessions,
      SessionLogs logs,
      LogStore store,
      StatusWriter writer,
      SessionWriter specs,
      Lookup lookup,
      Versions versions,
      Pace times,
      Clock clock,
      Ids ids) {
    this.sessions = sessions;
    this.logs = logs;
    this.store = store;
    this.specs = specs;
    this.pace = new StatusPace(clock, times.statusEvery());
    Beginning beginning = new Beginning(lookup, versions, ids);
    this.creation = new Creation(specs, logs, beginning, clock, ids);
    this.sessionChanges = new SessionChanges(sessions, specs, logs, beginning, this::appended);
    EnvironmentTypes types = new EnvironmentTypes(lookup);
    Forking forking = new Forking(logs, types);
    this.copies = new Copies(specs, logs, creation, forking, types, ids);
    this.keeping =
        new Keeping(
            sessions,
            logs,
            beginning,
            new StatusView(clock),
            writer,
            pace,
            specs,
            forking,
            clock,
            ids);
    this.work = new SerialWork(this::keep, AT_ONCE);
    this.changes = logs.onChange(this::moved);
    this.damages = logs.onDamage(this::damaged);
    sessions.listen(this);
    sessions.whenLeaving(this::leaving);
    long every = times.recheck().toNanos();
    timer.scheduleWithFixedDelay(this::recheck, every, every, TimeUnit.NANOSECONDS);
  }

  /** This process appended to a session's log. */
  public void appended(String uid) {
    work.submit(uid);
  }

  /** A head that the session's log is known to have reached; -1 if nothing is known. */
  public long seenHead(String uid) {
    return heads.getOrDefault(uid, -1L);
  }

  /**
   * What to say of a session whose object speaks of a log that is not there; empty if there is one,
   * or never was.
   */
  public static Optional<String> lost(Session session, SessionLogs logs) {
    if (ServerPart.of(session).provider() == null) {
      return Optional.empty();
    }
    SessionLog log = logs.of(LogKeys.of(session));
    // Another server may have begun it since this one looked.
    return log.cachedState().exists() || log.state().exists()
        ? Optional.empty()
        : Optional.of(Beginning.lost(session));
  }

  /** How sessions are made on behalf of API callers. */
  public Creation creation() {
    return creation;
  }

  /** How sessions are imported and forked on behalf of API callers. */
  public Copies copies() {
    return copies;
  }

  /** How sessions are changed on behalf of API callers. */
  public SessionChanges changes() {
    return sessionChanges;
  }

  /** Something that sessions of this namespace may wait for has changed. */
  public void referencesChanged(String namespace) {
    waiting.forEach((uid, where) -> {
      if (where.equals(namespace)) {
        work.submit(uid);
      }
    });
  }

  @Override
  public void changed(Session session) {
    String uid = session.getMetadata().getUid();
    pace.saw(session);
    Long generation = Objects.requireNonNullElse(session.getMetadata().getGeneration(), 0L);
    Long before = generations.put(uid, generation);
    if (before == null) {
      waiting.keySet().stream().filter(it -> isForkOf(it, session)).forEach(work::submit);
    }
    if (!generation.equals(before)) {
      work.submit(uid);
    }
  }

  private boolean isForkOf(String uid, Session source) {
    return sessions
        .get(uid)
        .filter(it -> it.getMetadata().getNamespace().equals(source.getMetadata().getNamespace()))
        .map(it -> it.getSpec().forkFrom())
        .filter(from -> from.session().equals(source.getMetadata().getName()))
        .isPresent();
  }

  @Override
  public void deleted(Session session) {
    String uid = session.getMetadata().getUid();
    heads.remove(uid);
    generations.remove(uid);
    kept.remove(uid);
    waiting.remove(uid);
    suspects.remove(uid);
    pace.forget(uid);
    work.forget(uid);
    logs.close(LogKeys.of(session));
  }

  private void leaving(Session session) {
    leaving.put(session.getMetadata().getUid(), session);
    work.submit(session.getMetadata().getUid());
  }

  /**
   * Removes the log of an object that is to go, and lets the object go. A crash in between repeats
   * it: removing a log that is not there does nothing.
   */
  private void part(Session session) {
    logs.of(LogKeys.of(session)).delete();
    specs.release(session);
    leaving.remove(session.getMetadata().getUid());
  }

  private void moved(LogChange change) {
    if (sessions
        .get(change.sessionUid())
        .filter(it -> !change.namespace().equals(it.getMetadata().getNamespace()))
        .isPresent()) {
      return;
    }
    if (change.deleted()) {
      // A log goes after its object, unless somebody takes it away.
      work.submitIn(change.sessionUid(), AFTER_ITS_OBJECT);
    } else {
      heads.merge(change.sessionUid(), change.head(), Math::max);
    }
  }

  private void damaged(LogKey key) {
    // Its own looks find the same damage: only the first is news.
    if (suspects.add(key.sessionUid())) {
      work.submit(key.sessionUid());
    }
  }

  /**
   * Looks after sessions whose log has moved and whose status does not say so, and after leavers.
   */
  private void recheck() {
    leaving.keySet().forEach(work::submit);
    heads.forEach((uid, head) ->
        sessions
            .get(uid)
            .ifPresentOrElse(
                session -> {
                  if (suspects.contains(uid)) {
                    // Its status cannot follow, and is looked at in its own time.
                    return;
                  }
                  if (ServerPart.head(session) < head) {
                    work.submit(uid);
                  } else {
                    heads.remove(uid, head);
                  }
                },
                () -> heads.remove(uid, head)));
  }

  private void keep(String uid) {
    Session parting = leaving.get(uid);
    if (parting != null) {
      part(parting);
      return;
    }
    if (isUpToDate(uid)) {
      return;
    }
    // Before looking, so that a change of what is looked at is not missed.
    sessions.get(uid).ifPresent(it -> waiting.put(uid, it.getMetadata().getNamespace()));
    Long generation = generations.get(uid);
    boolean suspect =
        suspects.contains(uid) || sessions.get(uid).filter(ServerPart::isUnreadable).isPresent();
    Next next = keeping.keep(uid, heads.getOrDefault(uid, -1L), suspect);
    if (generation != null) {
      kept.put(uid, generation);
    }
    if (next instanceof Next.Suspect) {
      suspects.add(uid);
    } else {
      suspects.remove(uid);
    }
    switch (next) {
      case Next.Never _ -> waiting.remove(uid);
      case Next.Suspect(Duration again) -> {
        waiting.remove(uid);
        work.submitIn(uid, again);
      }
      case Next.In(Duration time) -> {
        waiting.remove(uid);
        work.submitIn(uid, time);
      }
      case Next.WhenReferencesChange(Duration orIn) -> work.submitIn(uid, orIn);
    }
  }

  /**
   * Whether a look at the head alone tells that nothing is to be done: at the start of a process
   * most sessions rest, and reading all their logs would take long.
   */
  private boolean isUpToDate(String uid) {
    if (waiting.containsKey(uid) || suspects.contains(uid)) {
      return false;
    }
    long seen = heads.getOrDefault(uid, -1L);
    return sessions
        .get(uid)
        .filter(session -> !ServerPart.isUnreadable(session))
        .filter(session -> session.getSpec().messages().isEmpty() && !Creating.isMarked(session))
        .filter(specs::isHeld)
        .filter(this::hasToldItsSpec)
        .filter(session -> ServerPart.head(session) >= Math.max(0, seen))
        .filter(session -> isAt(LogKeys.of(session), ServerPart.head(session)))
        .isPresent();
  }

  private boolean isAt(LogKey key, long head) {
    try {
      return store.head(key).seq() == head;
    } catch (LogCorrupt | LogTooNew _) {
      // Whoever looks more closely says what it is.
      return false;
    }
  }

  /** Whether the log knows what the spec says: it was never changed, or looked at since. */
  private boolean hasToldItsSpec(Session session) {
    Long generation = Objects.requireNonNullElse(session.getMetadata().getGeneration(), 1L);
    return generation <= 1
        || generation.equals(kept.get(session.getMetadata().getUid()))
        || (session.getStatus() != null
            && Phase.TERMINATED.title().equals(session.getStatus().phase()));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    changes.close();
    damages.close();
    work.close();
  }
}
