package dev.rouse.controller.session;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.reference.Lookup;
import dev.rouse.api.version.AgentVersions;
import dev.rouse.controller.isolation.PolicyKeeper;
import dev.rouse.controller.isolation.SandboxPolicies;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a Session's reconciliation watches, and which changes of it count. A change that leaves
 * everything that is read here as it was causes no work.
 */
final class SessionSources implements Lookup, PolicyKeeper.Seen {

  private final KubernetesClient client;
  private final IndexerResourceCache<Session> sessions;
  private final InformerEventSource<Pod, Session> pods;
  private final InformerEventSource<NetworkPolicy, Session> policies;
  private final InformerEventSource<Agent, Session> agents;
  private final InformerEventSource<Environment, Session> environments;
  private final InformerEventSource<ModelProvider, Session> providers;

  SessionSources(EventSourceContext<Session> context) {
    this.client = context.getClient();
    this.sessions = context.getPrimaryCache();
    this.pods =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, Session.class)
                .withName("pods")
                .withLabelSelector(Rouse.SESSION_LABEL)
                .withSecondaryToPrimaryMapper(Mappers.fromOwnerReferences(Session.class))
                .withOnUpdateFilter((now, before) -> !PodView.of(now).equals(PodView.of(before)))
                .withNamespacesInheritedFromController()
                .build(),
            context);
    this.policies = policies(context);
    this.agents =
        source(
            context,
            Agent.class,
            (session, agent) -> session.getSpec().agentRef().name().equals(name(agent)));
    this.environments =
        source(
            context,
            Environment.class,
            (session, environment) ->
                session.getSpec().environmentRef().name().equals(name(environment)));
    // Any provider of the namespace may be the one that serves the model, until one is pinned.
    this.providers =
        source(
            context,
            ModelProvider.class,
            (session, provider) ->
                pinned(session) == null || Objects.equals(pinned(session), name(provider)));
  }

  List<EventSource<?, Session>> all() {
    return List.of(pods, policies, agents, environments, providers);
  }

  /** Whether a change of a Session may change what is to be done; its own status never does. */
  static boolean concerns(Session now, Session before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(
            now.getMetadata().getDeletionTimestamp(), before.getMetadata().getDeletionTimestamp())
        || !Work.of(now).equals(Work.of(before).at(Work.of(now).head()))
        || !Objects.equals(pinned(now), pinned(before))
        || !Objects.equals(wanted(now), wanted(before))
        || !forkRefused(now).equals(forkRefused(before));
  }

  /** So that the next look shows the pod that was just created. */
  void created(Pod pod) {
    pods.handleRecentResourceCreate(ResourceID.fromResource(pod), pod);
  }

  Collection<Pod> pods(Session session) {
    return pods.getSecondaryResources(session);
  }

  @Override
  public Optional<NetworkPolicy> policy(String namespace, String name) {
    return policies.get(new ResourceID(name, namespace));
  }

  @Override
  public void written(NetworkPolicy policy) {
    ResourceID id = ResourceID.fromResource(policy);
    policies
        .get(id)
        .ifPresentOrElse(
            before -> policies.handleRecentResourceUpdate(id, policy, before),
            () -> policies.handleRecentResourceCreate(id, policy));
  }

  @Override
  public Optional<Agent> agent(String namespace, String name) {
    return agents.get(new ResourceID(name, namespace));
  }

  @Override
  public Optional<AgentSpec> agentVersion(Agent agent, int version) {
    return AgentVersions.read(client, agent, version);
  }

  @Override
  public Optional<Environment> environment(String namespace, String name) {
    return environments.get(new ResourceID(name, namespace));
  }

  @Override
  public Optional<Session> otherSession(String namespace, String name) {
    return sessions.get(new ResourceID(name, namespace));
  }

  @Override
  public Collection<ModelProvider> modelProviders(String namespace) {
    return providers.list(namespace, _ -> true).toList();
  }

  /** Somebody's change of a policy concerns the sessions that have a pod to be isolated. */
  private static InformerEventSource<NetworkPolicy, Session> policies(
      EventSourceContext<Session> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(NetworkPolicy.class, Session.class)
            .withName("policies")
            .withLabelSelector(SandboxPolicies.SELECTOR)
            .withSecondaryToPrimaryMapper(policy ->
                context
                    .getPrimaryCache()
                    .list(policy.getMetadata().getNamespace(), SessionSources::mayHavePods)
                    .map(ResourceID::fromResource)
                    .collect(Collectors.toSet()))
            .<Session>withPrimaryToSecondaryMapper(_ -> Set.of())
            .withOnUpdateFilter((now, before) -> !now.getSpec().equals(before.getSpec()))
            .withNamespacesInheritedFromController()
            .build(),
        context);
  }

  private static boolean mayHavePods(Session session) {
    SessionStatus status = session.getStatus();
    return status != null
        && ((status.harness() != null && status.harness().uid() != null)
            || (status.hands() != null && status.hands().uid() != null));
  }

  /** A source of objects that sessions refer to by name; only their specs count. */
  private static <T extends HasMetadata> InformerEventSource<T, Session> source(
      EventSourceContext<Session> context, Class<T> kind, BiPredicate<Session, T> refers) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(kind, Session.class)
            .withName(kind.getSimpleName())
            .withSecondaryToPrimaryMapper(object ->
                context
                    .getPrimaryCache()
                    .list(
                        object.getMetadata().getNamespace(),
                        session -> refers.test(session, object))
                    .map(ResourceID::fromResource)
                    .collect(Collectors.toSet()))
            // Nothing asks the way back; without this the way here would be stored per object.
            .<Session>withPrimaryToSecondaryMapper(_ -> Set.of())
            .withOnUpdateFilter((now, before) ->
                !Objects.equals(
                    now.getMetadata().getGeneration(), before.getMetadata().getGeneration()))
            .withNamespacesInheritedFromController()
            .build(),
        context);
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  private static @Nullable String pinned(Session session) {
    return session.getStatus() == null ? null : session.getStatus().provider();
  }

  /** What the server says against the fork that the session is to be. */
  static Optional<String> forkRefused(Session session) {
    return session.getStatus() == null
        ? Optional.empty()
        : session.getStatus().conditions().stream()
            .filter(it -> it.getType().equals(Rouse.FORK_REFUSED))
            .map(it -> it.getMessage())
            .findFirst();
  }

  private static SessionStatus.@Nullable HandsWanted wanted(Session session) {
    return session.getStatus() == null ? null : session.getStatus().handsWanted();
  }
}
