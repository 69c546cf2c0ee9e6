package dev.rouse.server;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.server.PlannedFailures.Step;
import dev.rouse.server.resource.FieldOwner;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.server.resource.SessionChange;
import dev.rouse.server.resource.SessionObjects;
import dev.rouse.server.resource.Sessions;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * Session objects in memory, with resource versions and two field managers of one status, as far as
 * the server can tell; and failures on demand.
 */
abstract class FakeSessions implements SessionObjects {

  /** What goes wrong when sessions are written. */
  public final PlannedFailures failures = new PlannedFailures();

  private final Map<String, Session> sessions = new LinkedHashMap<>();
  private final List<Sessions> watchers = new CopyOnWriteArrayList<>();
  private final List<SessionStatus> written = new ArrayList<>();
  private final Map<String, String> owners = new HashMap<>();
  private long version = 100;
  private boolean silent;
  private boolean wentBack;
  private Runnable afterChange = () -> {};

  /** Runs once, after the next change of a spec. */
  public void afterNextChange(Runnable action) {
    afterChange = action;
  }

  /** Somebody else than API callers looks after this field of a session. */
  public synchronized void owns(String uid, String field, String manager) {
    owners.put(uid + "/" + field, manager);
  }

  /** All sessions that exist. */
  public synchronized List<Session> sessions() {
    return List.copyOf(sessions.values());
  }

  /** Lets a server watch: it is told of everything there is, and of every change from now on. */
  public synchronized void watch(Sessions server) {
    watchers.add(server);
    sessions.values().forEach(server::learn);
  }

  /** Ends a server's watch, as its death does. */
  public void unwatch(Sessions server) {
    watchers.remove(server);
  }

  /** Whether watches bring nothing until this is called again. */
  public synchronized void silence(boolean on) {
    silent = on;
  }

  /** Every status that was written, in order. */
  public synchronized List<SessionStatus> written() {
    return List.copyOf(written);
  }

  /** Whether a status was ever written with a lower head than the one before. */
  public synchronized boolean headsWentBack() {
    return wentBack;
  }

  /** Changes a session's spec as kubectl does. */
  public void edit(String uid, UnaryOperator<SessionSpec> edit) {
    change(
        uid,
        session -> {
          session.setSpec(edit.apply(session.getSpec()));
          session.getMetadata().setGeneration(session.getMetadata().getGeneration() + 1);
          return session;
        });
  }

  /** Adds a message to a session's spec. */
  public void say(String uid, String id, String text) {
    edit(uid, spec -> SessionEdits.withMessage(spec, new SessionSpec.Message(id, text)));
  }

  /** The operator names the brain's pod. */
  public void harness(String uid, String podUid) {
    harness(uid, podUid, List.of());
  }

  /** The same, and which brains before it were taken away. */
  public void harness(String uid, String podUid, List<String> excused) {
    operator(uid, new Harness("pod", podUid, 1, null, null, null, null, null, excused), null);
  }

  /** The operator says what it sees of the hands. */
  public void hands(String uid, Hands hands) {
    operator(uid, null, hands);
  }

  private void operator(String uid, Harness harness, Hands hands) {
    change(
        uid,
        session -> {
          session.setStatus(SessionEdits.withOperatorPart(session.getStatus(), harness, hands));
          return session;
        });
  }

  public synchronized void change(String uid, UnaryOperator<Session> change) {
    store(change.apply(copy(sessions.get(uid))));
  }

  public synchronized void delete(String uid) {
    Session gone = sessions.remove(uid);
    watchers.forEach(watcher -> watcher.forget(gone));
  }

  /** Deletes a session as the API server does: while there are finalizers, it only is to go. */
  public synchronized void leave(String uid) {
    if (sessions.get(uid).getMetadata().getFinalizers().isEmpty()) {
      delete(uid);
    } else {
      change(
          uid,
          session -> {
            session.getMetadata().setDeletionTimestamp("2026-01-02T03:04:05Z");
            session.getMetadata().setGeneration(session.getMetadata().getGeneration() + 1);
            return session;
          });
    }
  }

  public synchronized Session get(String uid) {
    return sessions.get(uid);
  }

  /** Keeps a session as it is now, and tells the watchers. */
  synchronized void store(Session session) {
    session.getMetadata().setResourceVersion(Long.toString(++version));
    sessions.put(session.getMetadata().getUid(), session);
    if (!silent) {
      watchers.forEach(watcher -> watcher.learn(session));
    }
  }

  @Override
  public synchronized Optional<Session> read(String namespace, String name) {
    return sessions.values().stream()
        .filter(it -> it.getMetadata().getNamespace().equals(namespace))
        .filter(it -> it.getMetadata().getName().equals(name))
        .findFirst();
  }

  @Override
  public synchronized List<Session> list(String namespace) {
    return sessions.values().stream()
        .filter(it -> it.getMetadata().getNamespace().equals(namespace))
        .toList();
  }

  /** Makes objects only: what changes them is {@link #change}. */
  @Override
  public synchronized Applied<Session> apply(Change change) {
    failures.mayFail(Step.CREATE);
    if (!change.isNew()) {
      throw new IllegalArgumentException("a change of a session: " + change);
    }
    if (read(change.namespace(), change.name()).isPresent()) {
      return new Applied.Taken<>();
    }
    Session made = new Session();
    made.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(change.namespace())
            .withName(change.name())
            .withAnnotations(change.annotations())
            .withUid(UUID.randomUUID().toString())
            .withGeneration(1L)
            .withCreationTimestamp(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
            .build());
    made.setSpec(Serialization.unmarshal(change.spec().toString(), SessionSpec.class));
    store(made);
    failures.mayFail(Step.CREATED);
    return new Applied.Done<>(made);
  }

  @Override
  public Applied<Session> change(Session read, SessionChange change) {
    Applied<Session> changed = tryChange(read, change);
    Runnable then = afterChange;
    afterChange = () -> {};
    then.run();
    return changed;
  }

  private synchronized Applied<Session> tryChange(Session read, SessionChange change) {
    String uid = read.getMetadata().getUid();
    Session now = sessions.get(uid);
    if (now == null || !isSameVersion(now, read)) {
      return new Applied.Stale<>();
    }
    for (String field : SessionEdits.fields(change)) {
      String owner = owners.get(uid + "/" + field);
      if (owner != null) {
        return new Applied.Owned<>(List.of(new FieldOwner(owner, field)));
      }
    }
    Session next = copy(now);
    next.setSpec(SessionEdits.changed(now.getSpec(), change));
    next.getMetadata().setGeneration(now.getMetadata().getGeneration() + 1);
    store(next);
    return new Applied.Done<>(next);
  }

  private static boolean isSameVersion(Session one, Session other) {
    return one.getMetadata().getResourceVersion().equals(other.getMetadata().getResourceVersion());
  }

  @Override
  public synchronized Optional<Session> unmark(Session session) {
    failures.mayFail(Step.UNMARK);
    if (failures.isPlanned(Step.UNMARK_CROWDED)) {
      return Optional.empty();
    }
    Session now = sessions.get(session.getMetadata().getUid());
    if (now == null) {
      return Optional.empty();
    }
    Session next = copy(now);
    Map<String, String> annotations = new HashMap<>(annotations(now));
    annotations.remove(Rouse.CREATING_ANNOTATION);
    next.getMetadata().setAnnotations(annotations);
    store(next);
    return Optional.of(next);
  }

  private static Map<String, String> annotations(Session session) {
    Map<String, String> all = session.getMetadata().getAnnotations();
    return all == null ? Map.of() : all;
  }

  @Override
  public synchronized Optional<Session> finalizers(Session read, List<String> finalizers) {
    failures.mayFail(Step.FINALIZERS);
    Session now = sessions.get(read.getMetadata().getUid());
    if (now == null || !isSameVersion(now, read)) {
      return Optional.empty();
    }
    Session next = copy(now);
    next.getMetadata().setFinalizers(finalizers);
    if (finalizers.isEmpty() && now.getMetadata().getDeletionTimestamp() != null) {
      delete(now.getMetadata().getUid());
      return Optional.of(next);
    }
    store(next);
    return Optional.of(next);
  }

  @Override
  public synchronized boolean delete(Session read) {
    failures.mayFail(Step.DELETE);
    Session now = sessions.get(read.getMetadata().getUid());
    boolean same = now != null && isSameVersion(now, read);
    if (same) {
      leave(read.getMetadata().getUid());
    }
    return same;
  }

  @Override
  public synchronized Optional<Session> applyStatus(Session applied) {
    failures.mayFail(Step.STATUS);
    Session now = sessions.get(applied.getMetadata().getUid());
    if (now == null) {
      return Optional.empty();
    }
    if (failures.take(Step.STATUS_CROWDED)) {
      store(copy(now));
      return Optional.empty();
    }
    if (!isSameVersion(now, applied)) {
      return Optional.empty();
    }
    Session next = copy(now);
    next.setStatus(SessionEdits.withServerPart(now.getStatus(), applied.getStatus()));
    written.add(next.getStatus());
    wentBack |= ServerPart.head(next) < ServerPart.head(now);
    store(next);
    return Optional.of(next);
  }

  private static Session copy(Session session) {
    return Serialization.clone(session);
  }
}
