package dev.rouse.server;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderSpec;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.api.reference.Lookup;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.api.version.Placement;
import dev.rouse.server.resource.Catalog;
import dev.rouse.server.resource.FieldOwner;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.server.resource.SessionChange;
import dev.rouse.server.resource.SessionObjects;
import dev.rouse.server.resource.Sessions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * Objects of a namespace in memory, with resource versions and two field managers of one status, as
 * far as the server can tell; and failures on demand.
 */
public final class FakeCluster implements SessionObjects, Lookup {

  public static final String NAMESPACE = "team-a";

  /** Agents and Environments as the API sees them. */
  public final FakeSpecs<Agent> agentSpecs = new FakeSpecs<>(Agent.class);

  public final FakeSpecs<Environment> environmentSpecs = new FakeSpecs<>(Environment.class);

  /** Leases of work items. */
  public final FakeWork work = new FakeWork();

  /** Environment keys. */
  public final FakeGrants grants = new FakeGrants();

  /** The time of work and of keys. */
  public Clock clock = Clock.systemUTC();

  private final FakeSpecs<Session> sessionSpecs = new FakeSpecs<>(Session.class);
  private final FakeHistory history = new FakeHistory();
  private final Map<String, Session> sessions = new LinkedHashMap<>();
  private final Map<String, HasMetadata> others = new LinkedHashMap<>();
  private final List<Catalog> catalogs = new ArrayList<>();
  private final List<Sessions> watchers = new CopyOnWriteArrayList<>();
  private final List<SessionStatus> written = new ArrayList<>();
  private long version = 100;
  private final Map<String, String> owners = new HashMap<>();
  private final Map<Step, Integer> planned = new EnumMap<>(Step.class);
  private int conflicts;
  private int failures;
  private boolean silent;
  private boolean wentBack;
  private Runnable afterChange = () -> {};
  private int failureStatus = 500;

  /** Writes of objects that can be made to fail. */
  public enum Step {
    CREATE,
    /** The object is made, and the answer is lost. */
    CREATED,
    UNMARK,
    FINALIZERS,
    /** As long as any is planned, others change the object whenever its mark is to go. */
    UNMARK_CROWDED,
    DELETE
  }

  /** The next writes of this kind fail, and change nothing. */
  public synchronized void failNext(Step step, int times) {
    planned.put(step, times);
  }

  /** Runs once, after the next change of a spec. */
  public void afterNextChange(Runnable action) {
    afterChange = action;
  }

  /** The next failures are answers with this status. */
  public synchronized void failWith(int status) {
    failureStatus = status;
  }

  private void mayFail(Step step) {
    int left = planned.getOrDefault(step, 0);
    if (left > 0) {
      planned.put(step, left - 1);
      throw new KubernetesClientException("planned failure of " + step, failureStatus, null);
    }
  }

  /** The same cluster after this object is gone, for example {@code Agent/reviewer}. */
  public synchronized FakeCluster without(String object) {
    HasMetadata gone = others.remove(object);
    for (Catalog catalog : catalogs) {
      if (gone instanceof Agent agent) {
        catalog.agents().forget(agent);
      }
      if (gone instanceof Environment environment) {
        catalog.environments().forget(environment);
      }
    }
    return this;
  }

  /** Somebody else than API callers looks after this field of a session. */
  public synchronized void owns(String uid, String field, String manager) {
    owners.put(uid + "/" + field, manager);
  }

  /** All sessions that exist. */
  public synchronized List<Session> sessions() {
    return List.copyOf(sessions.values());
  }

  /** Makes a session that bears the mark of being created, at this time. */
  public Session marked(String name, String created) {
    Session session = draft(name, NAMESPACE, List.of());
    session.getMetadata().setCreationTimestamp(created);
    session.getMetadata().setAnnotations(Map.of(Rouse.CREATING_ANNOTATION, "true"));
    store(session);
    return session;
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

  /** Lets a server watch: it is told of everything there is, and of every change from now on. */
  public synchronized void watch(Sessions server) {
    watchers.add(server);
    sessions.values().forEach(server::learn);
  }

  /** What one server knows of Agents and Environments, told of every change from now on. */
  public synchronized Catalog catalog() {
    Catalog catalog =
        new Catalog(
            new Objects<>(), new Objects<>(), agentSpecs, environmentSpecs, sessionSpecs, history);
    agentSpecs.list(NAMESPACE).forEach(catalog.agents()::learn);
    environmentSpecs.list(NAMESPACE).forEach(catalog.environments()::learn);
    agentSpecs.watch(catalog.agents()::learn);
    environmentSpecs.watch(catalog.environments()::learn);
    others.values().forEach(object -> learn(catalog, object));
    catalogs.add(catalog);
    return catalog;
  }

  private static void learn(Catalog catalog, HasMetadata object) {
    switch (object) {
      case Agent agent -> catalog.agents().learn(agent);
      case Environment environment -> catalog.environments().learn(environment);
      default -> {}
    }
  }

  /** Makes a Session object that refers to an Environment, and that no server runs. */
  public void idleSession(String name, String environment) {
    sessionSpecs.create(
        NAMESPACE,
        name,
        "{agentRef: {name: reviewer}, environmentRef: {name: %s}}".formatted(environment));
  }

  /** Ends a server's watch, as its death does. */
  public void unwatch(Sessions server) {
    watchers.remove(server);
  }

  /** Whether watches bring nothing until this is called again. */
  public synchronized void silence(boolean on) {
    silent = on;
  }

  /** The next status writes meet a change of somebody else. */
  public synchronized void conflictNext(int times) {
    conflicts = times;
  }

  /** The next status writes fail. */
  public synchronized void failNext(int times) {
    failures = times;
  }

  /** Every status that was written, in order. */
  public synchronized List<SessionStatus> written() {
    return List.copyOf(written);
  }

  /** Whether a status was ever written with a lower head than the one before. */
  public synchronized boolean headsWentBack() {
    return wentBack;
  }

  /** Makes what a session of {@link #session} refers to. */
  public FakeCluster withReferences() {
    put(agent("reviewer"));
    put(environment("sandbox"));
    put(provider("main"));
    return this;
  }

  public static Agent agent(String name) {
    Agent agent = new Agent();
    agent.setMetadata(new ObjectMetaBuilder().withName(name).build());
    agent.setSpec(
        Serialization.unmarshal(
            """
            displayName: Reviewer
            model: {id: claude-test}
            system: Review.
            tools: [{type: agent_toolset_20260401}]
            """,
            AgentSpec.class));
    return agent;
  }

  public static Environment environment(String name) {
    Environment environment = new Environment();
    environment.setMetadata(new ObjectMetaBuilder().withName(name).build());
    environment.setSpec(Serialization.unmarshal("ephemeral: true", EnvironmentSpec.class));
    return environment;
  }

  /** One whose tools workers run. */
  public static Environment selfHosted(String name) {
    Environment environment = new Environment();
    environment.setMetadata(new ObjectMetaBuilder().withName(name).build());
    environment.setSpec(Serialization.unmarshal("type: self_hosted", EnvironmentSpec.class));
    return environment;
  }

  public static ModelProvider provider(String name) {
    ModelProvider provider = new ModelProvider();
    provider.setMetadata(new ObjectMetaBuilder().withName(name).build());
    provider.setSpec(
        Serialization.unmarshal(
            """
            type: anthropic
            baseURL: http://models.example
            secretRef: {name: key, key: key}
            default: true
            """,
            ModelProviderSpec.class));
    return provider;
  }

  public synchronized void put(HasMetadata object) {
    put(object, NAMESPACE);
  }

  /** The same elsewhere; names are unique in all namespaces together. */
  public synchronized void put(HasMetadata object, String namespace) {
    object.getMetadata().setNamespace(namespace);
    object.getMetadata().setUid(UUID.randomUUID().toString());
    object.getMetadata().setGeneration(1L);
    object.getMetadata().setResourceVersion("1");
    object.getMetadata().setCreationTimestamp("2026-01-02T03:04:05Z");
    catalogs.forEach(catalog -> learn(catalog, object));
    others.put(object.getKind() + "/" + object.getMetadata().getName(), object);
  }

  /** Makes a session with these messages, ids {@code m0, m1, …}. */
  public Session session(String name, String... texts) {
    List<SessionSpec.Message> messages = new ArrayList<>();
    for (String text : texts) {
      messages.add(new SessionSpec.Message("m" + messages.size(), text));
    }
    return session(name, NAMESPACE, messages);
  }

  public Session session(String name, String namespace, List<SessionSpec.Message> messages) {
    Session session = draft(name, namespace, messages);
    store(session);
    return session;
  }

  /** Makes a session of this spec. */
  public Session session(String name, SessionSpec spec) {
    Session session = draft(name, NAMESPACE, List.of());
    session.setSpec(spec);
    store(session);
    return session;
  }

  private static Session draft(String name, String namespace, List<SessionSpec.Message> messages) {
    Session session = new Session();
    session.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withUid(UUID.randomUUID().toString())
            .withGeneration(1L)
            .withCreationTimestamp("2026-01-02T03:04:05Z")
            .build());
    session.setSpec(
        new SessionSpec(
            new SessionSpec.AgentRef("reviewer", null),
            new SessionSpec.EnvironmentRef("sandbox"),
            "A review",
            Map.of("team", "a"),
            messages,
            null));
    return session;
  }

  /** Adds a message to a session's spec. */
  public void say(String uid, String id, String text) {
    change(
        uid,
        session -> {
          List<SessionSpec.Message> messages = new ArrayList<>(session.getSpec().messages());
          messages.add(new SessionSpec.Message(id, text));
          SessionSpec spec = session.getSpec();
          session.setSpec(
              new SessionSpec(
                  spec.agentRef(),
                  spec.environmentRef(),
                  spec.title(),
                  spec.metadata(),
                  messages,
                  spec.suspend(),
                  spec.overrides(),
                  spec.archived(),
                  spec.forkFrom(),
                  spec.budget()));
          session.getMetadata().setGeneration(session.getMetadata().getGeneration() + 1);
          return session;
        });
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
          SessionStatus status = session.getStatus();
          session.setStatus(
              new SessionStatus(
                  status == null ? null : status.phase(),
                  status == null ? null : status.stopReason(),
                  status == null ? null : status.agentVersion(),
                  status == null ? null : status.provider(),
                  status == null ? null : status.log(),
                  status == null ? null : status.usage(),
                  status == null ? List.of() : status.pendingActions(),
                  status == null ? null : status.pendingActionCount(),
                  status == null ? null : status.handsWanted(),
                  harness != null || status == null ? harness : status.harness(),
                  hands != null || status == null ? hands : status.hands(),
                  1L,
                  status == null ? List.of() : status.conditions()));
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

  private synchronized void store(Session session) {
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
    mayFail(Step.CREATE);
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
    mayFail(Step.CREATED);
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
    if (now == null) {
      return new Applied.Stale<>();
    }
    String version = now.getMetadata().getResourceVersion();
    if (!version.equals(read.getMetadata().getResourceVersion())) {
      return new Applied.Stale<>();
    }
    List<String> fields = new ArrayList<>();
    change.put().keySet().forEach(key -> fields.add("spec.metadata." + key));
    change.removed().forEach(key -> fields.add("spec.metadata." + key));
    if (change.budget() != null) {
      fields.add("spec.budget");
    }
    if (change.title() != null) {
      fields.add("spec.title");
    }
    for (String field : fields) {
      String owner = owners.get(uid + "/" + field);
      if (owner != null) {
        return new Applied.Owned<>(List.of(new FieldOwner(owner, field)));
      }
    }
    SessionSpec spec = now.getSpec();
    Map<String, String> metadata = new HashMap<>(spec.metadata());
    metadata.putAll(change.put());
    metadata.keySet().removeAll(change.removed());
    Session next = copy(now);
    next.setSpec(
        new SessionSpec(
            spec.agentRef(),
            spec.environmentRef(),
            change.title() == null ? spec.title() : change.title().text(),
            metadata,
            spec.messages(),
            spec.suspend(),
            spec.overrides(),
            change.archive() ? Boolean.TRUE : spec.archived(),
            spec.forkFrom(),
            change.budget() == null ? spec.budget() : change.budget().limit()));
    next.getMetadata().setGeneration(now.getMetadata().getGeneration() + 1);
    store(next);
    return new Applied.Done<>(next);
  }

  @Override
  public synchronized Optional<Session> unmark(Session session) {
    mayFail(Step.UNMARK);
    if (planned.getOrDefault(Step.UNMARK_CROWDED, 0) > 0) {
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
    mayFail(Step.FINALIZERS);
    Session now = sessions.get(read.getMetadata().getUid());
    if (now == null
        || !now.getMetadata()
            .getResourceVersion()
            .equals(read.getMetadata().getResourceVersion())) {
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
    mayFail(Step.DELETE);
    Session now = sessions.get(read.getMetadata().getUid());
    boolean same =
        now != null
            && now.getMetadata()
                .getResourceVersion()
                .equals(read.getMetadata().getResourceVersion());
    if (same) {
      leave(read.getMetadata().getUid());
    }
    return same;
  }

  @Override
  public synchronized Optional<Session> applyStatus(Session applied) {
    if (failures > 0) {
      failures--;
      throw new KubernetesClientException("planned failure", 500, null);
    }
    Session now = sessions.get(applied.getMetadata().getUid());
    if (now == null) {
      return Optional.empty();
    }
    if (conflicts > 0) {
      conflicts--;
      store(copy(now));
      return Optional.empty();
    }
    if (!now.getMetadata()
        .getResourceVersion()
        .equals(applied.getMetadata().getResourceVersion())) {
      return Optional.empty();
    }
    SessionStatus mine = applied.getStatus();
    SessionStatus theirs = now.getStatus();
    Session next = copy(now);
    next.setStatus(
        new SessionStatus(
            mine.phase(),
            mine.stopReason(),
            mine.agentVersion(),
            mine.provider(),
            mine.log(),
            mine.usage(),
            mine.pendingActions(),
            mine.pendingActionCount(),
            mine.handsWanted(),
            theirs == null ? null : theirs.harness(),
            theirs == null ? null : theirs.hands(),
            theirs == null ? null : theirs.observedGeneration(),
            mine.conditions()));
    written.add(next.getStatus());
    wentBack |= ServerPart.head(next) < ServerPart.head(now);
    store(next);
    return Optional.of(next);
  }

  private static Session copy(Session session) {
    return Serialization.clone(session);
  }

  @Override
  public synchronized Optional<Agent> agent(String namespace, String name) {
    return Optional.ofNullable((Agent) others.get("Agent/" + name))
        .or(() -> agentSpecs.read(namespace, name));
  }

  @Override
  public Optional<AgentSpec> agentVersion(Agent agent, int number) {
    return history.read(agent, number).map(it -> it.version().spec());
  }

  /** The version that an agent's spec is; 3 for one of {@link #put}, which has no history. */
  public synchronized AgentVersion version(Agent agent) {
    if (others.containsKey("Agent/" + agent.getMetadata().getName())) {
      return new AgentVersion(3, agent.getSpec());
    }
    return switch (history.place(agent)) {
      case Placement.Current current -> current.dated().version();
      case Placement.Superseded superseded -> superseded.by();
    };
  }

  @Override
  public synchronized Optional<Environment> environment(String namespace, String name) {
    return Optional.ofNullable((Environment) others.get("Environment/" + name))
        .or(() -> environmentSpecs.read(namespace, name));
  }

  @Override
  public synchronized Optional<Session> otherSession(String namespace, String name) {
    return sessions.values().stream()
        .filter(it -> it.getMetadata().getNamespace().equals(namespace))
        .filter(it -> it.getMetadata().getName().equals(name))
        .findFirst();
  }

  @Override
  public synchronized Collection<ModelProvider> modelProviders(String namespace) {
    return others.values().stream()
        .filter(ModelProvider.class::isInstance)
        .map(ModelProvider.class::cast)
        .toList();
  }
}
