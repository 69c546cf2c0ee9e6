package dev.rouse.server.keeper;

import dev.rouse.api.Environment;
import dev.rouse.api.Session;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogTooNew;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.Subscription;
import dev.rouse.server.keeper.WorkRule.Need;
import dev.rouse.server.keeper.WorkRule.Step;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.work.WorkItem;
import dev.rouse.server.work.WorkItems;
import dev.rouse.server.work.WorkObjects;
import dev.rouse.session.SessionState;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that each session of a self-hosted environment has a work item while it has work for a
 * worker. Every server does so for all, by what log and Lease say and by nothing else: who dies
 * between the two leaves nothing to be found again, and who is late finds it done.
 */
public final class WorkKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WorkKeeper.class);

  /** Sessions that are worked on at the same time: spares the API server at start. */
  private static final int AT_ONCE = 8;

  /** Timers and clocks need not agree to the millisecond. */
  private static final Duration A_MOMENT = Duration.ofMillis(20);

  private final Sessions sessions;
  private final Objects<Environment> environments;
  private final SessionLogs logs;
  private final WorkItems items;
  private final WorkObjects objects;
  private final Clock clock;
  private final SerialWork work = new SerialWork(this::keep, AT_ONCE);
  private final Subscription changes;

  /** Heads that logs are known to have reached. */
  private final Map<String, Long> heads = new ConcurrentHashMap<>();

  /** What was found in logs, so that a heartbeat is no reason to read one. */
  private final Map<String, Judged> judged = new ConcurrentHashMap<>();

  private record Judged(long head, Need need) {}

  public WorkKeeper(
      Sessions sessions,
      Objects<Environment> environments,
      SessionLogs logs,
      WorkItems items,
      WorkObjects objects,
      Clock clock) {
    this.sessions = sessions;
    this.environments = environments;
    this.logs = logs;
    this.items = items;
    this.objects = objects;
    this.clock = clock;
    this.changes = logs.onChange(this::moved);
    items.listen(work::submit);
    sessions.listen(new SessionListener());
    environments.listen(new EnvironmentListener());
  }

  private void moved(LogChange change) {
    if (change.deleted()) {
      return;
    }
    Optional<Session> session =
        sessions
            .get(change.sessionUid())
            .filter(it -> it.getMetadata().getNamespace().equals(change.namespace()));
    if (session.filter(this::isConcerned).isPresent()) {
      heads.merge(change.sessionUid(), change.head(), Math::max);
      work.submit(change.sessionUid());
    }
  }

  private boolean isConcerned(Session session) {
    return environment(session).isPresent()
        || items.ofSession(session.getMetadata().getUid()).isPresent();
  }

  /** The self-hosted environment that a session is of. */
  private Optional<Environment> environment(Session session) {
    String name = session.getSpec().environmentRef().name();
    return environments.in(session.getMetadata().getNamespace()).stream()
        .filter(it -> it.getMetadata().getName().equals(name) && it.getSpec().selfHosted())
        .findFirst();
  }

  private void keep(String uid) {
    Optional<Session> session =
        sessions.get(uid).filter(it -> it.getMetadata().getDeletionTimestamp() == null);
    if (session.isEmpty()) {
      // The garbage collector takes the Lease.
      return;
    }
    Optional<Environment> environment = environment(session.get());
    Optional<WorkItem> item = items.ofSession(uid);
    if (environment.isEmpty() && item.isEmpty()) {
      return;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    try {
      Step step = WorkRule.of(need(session.get(), environment, false), item, now);
      // What is remembered is good enough to leave things as they are.
      if (!(step instanceof Step.Rest || step instanceof Step.WaitUntil)) {
        step = WorkRule.of(need(session.get(), environment, true), item, now);
      }
      act(step, session.get(), environment, item, now);
    } catch (LogCorrupt | LogTooNew | LogDeleted e) {
      // The session's status says so, and when it is mended its log moves.
      LOG.atDebug()
          .addKeyValue("session", uid)
          .setCause(e)
          .log("no work of a log that is not read");
    }
  }

  private void act(
      Step step,
      Session session,
      Optional<Environment> environment,
      Optional<WorkItem> item,
      Instant now) {
    switch (step) {
      case Step.Queue _ -> queue(session, environment.orElseThrow(), now);
      case Step.Remove(boolean queue) -> {
        if (objects.delete(item.orElseThrow().lease())) {
          items.leases().forget(item.orElseThrow().lease());
          if (queue) {
            queue(session, environment.orElseThrow(), now);
          }
        } else {
          look(item.orElseThrow());
        }
      }
      case Step.Stop _ -> {
        Optional<Lease> written = objects.update(item.orElseThrow().stopped(now).lease());
        written.ifPresentOrElse(items.leases()::learn, () -> look(item.orElseThrow()));
      }
      case Step.WaitUntil(Instant then) ->
          work.submitIn(session.getMetadata().getUid(), Duration.between(now, then).plus(A_MOMENT));
      case Step.Rest _ -> {}
    }
  }

  /**
   * @param fresh whether to ask the store, and not only what this process remembers
   */
  private Need need(Session session, Optional<Environment> environment, boolean fresh) {
    if (environment.isEmpty() || session.getSpec().isSuspended()) {
      return Need.OVER;
    }
    String uid = session.getMetadata().getUid();
    long known = Math.max(ServerPart.head(session), heads.getOrDefault(uid, -1L));
    Judged before = judged.get(uid);
    if (!fresh && before != null && before.head() >= known) {
      return before.need();
    }
    SessionLog log = logs.of(LogKeys.of(session));
    SessionState state = log.cachedState();
    if (fresh || state.head() < known) {
      state = log.state();
    }
    Need need =
        state.phase().isTerminal() || state.moved() || state.unreadable() != null
            ? Need.OVER
            : state.hasWork() ? Need.WORK : Need.NONE;
    judged.put(uid, new Judged(state.head(), need));
    return need;
  }

  private void queue(Session session, Environment environment, Instant now) {
    WorkItem wanted = WorkItem.queued(session, environment.getMetadata().getUid(), now);
    Optional<Lease> made = objects.create(wanted.lease());
    if (made.isPresent()) {
      items.leases().learn(made.get());
      LOG.atInfo()
          .addKeyValue("namespace", session.getMetadata().getNamespace())
          .addKeyValue("session", session.getMetadata().getUid())
          .log("queued work for workers of environment {}", environment.getMetadata().getName());
      return;
    }
    look(wanted);
  }

  /** Others were faster: what they have done is seen now, and brings the next look. */
  private void look(WorkItem item) {
    String name = item.lease().getMetadata().getName();
    Optional<Lease> there = objects.read(item.namespace(), name);
    if (there.isPresent() && WorkItem.of(there.get()).isEmpty()) {
      throw new IllegalStateException(
          "Lease %s/%s has the name of a work item and is none: delete it"
              .formatted(item.namespace(), name));
    }
    there.ifPresentOrElse(items.leases()::learn, () -> forget(item));
    work.submitIn(item.sessionUid(), A_MOMENT);
  }

  private void forget(WorkItem item) {
    if (item.lease().getMetadata().getUid() != null) {
      items.leases().forget(item.lease());
    }
  }

  /** The session's status moves after its log, whichever server wrote either. */
  private final class SessionListener implements Objects.Listener<Session> {
    @Override
    public void changed(Session session) {
      if (isConcerned(session)) {
        work.submit(session.getMetadata().getUid());
      }
    }

    @Override
    public void deleted(Session session) {
      String uid = session.getMetadata().getUid();
      heads.remove(uid);
      judged.remove(uid);
      work.forget(uid);
    }
  }

  /** Sessions may be known before their environment is. */
  private final class EnvironmentListener implements Objects.Listener<Environment> {
    @Override
    public void changed(Environment environment) {
      if (environment.getSpec().selfHosted()) {
        lookAtSessionsOf(environment);
      }
    }

    @Override
    public void deleted(Environment environment) {
      lookAtSessionsOf(environment);
    }

    private void lookAtSessionsOf(Environment environment) {
      String name = environment.getMetadata().getName();
      sessions.in(environment.getMetadata().getNamespace()).stream()
          .filter(it -> it.getSpec().environmentRef().name().equals(name))
          .filter(WorkKeeper.this::isConcerned)
          .forEach(it -> work.submit(it.getMetadata().getUid()));
    }
  }

  @Override
  public void close() {
    changes.close();
    work.close();
  }
}
