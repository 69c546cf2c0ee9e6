package dev.rouse.controller.fake;

import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.api.SessionStatus.LogHead;
import dev.rouse.api.probe.Meters;
import dev.rouse.controller.Operators;
import dev.rouse.controller.Settings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.javaoperatorsdk.operator.Operator;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The started operator over an API server in this process. */
public final class FakeCluster implements AutoCloseable {

  public static final String NAMESPACE = "team";

  private static final int ATTEMPTS = 20;

  private final ApplyingDispatcher dispatcher = new ApplyingDispatcher();
  private final KubernetesMockServer server;
  private final KubernetesClient client;
  private final AtomicInteger suffixes = new AtomicInteger();
  private final Meters meters = new Meters();
  private @Nullable Operator operator;

  public FakeCluster() {
    Stream.of(Agent.class, Environment.class, ModelProvider.class, Session.class)
        .map(CustomResourceDefinitionContext::fromCustomResourceType)
        .forEach(dispatcher::expectCustomResource);
    this.server =
        new KubernetesMockServer(
            new Context(Serialization.jsonMapper()),
            new MockWebServer(),
            new HashMap<>(),
            dispatcher,
            false);
    server.init();
    this.client = server.createClient();
    client.getConfiguration().setRequestRetryBackoffLimit(0);
  }

  public KubernetesClient client() {
    return client;
  }

  /** What all operators of this cluster tell of themselves. */
  public String metrics() {
    return meters.scrape();
  }

  /** Starts an operator with short times. */
  public void startOperator(Map<String, String> more) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "ROUSE_SERVER_URL", "https://server",
                "ROUSE_BRAIN_IMAGE", "brain:1",
                "ROUSE_HANDS_IMAGE", "hands:1",
                "ROUSE_BRAIN_UNREADY_AFTER", "PT0.5S",
                "ROUSE_HANDS_UNREADY_AFTER", "PT0.5S",
                "ROUSE_RESTART_BACKOFF_MIN", "PT0.5S",
                "ROUSE_SECRET_RECHECK", "PT0.2S"));
    environment.putAll(more);
    operator =
        Operators.create(
            client,
            Settings.from(environment),
            Clock.systemUTC(),
            () -> Integer.toString(suffixes.incrementAndGet()),
            () -> {},
            meters);
    operator.start();
  }

  /** As when its process is killed: nothing is finished that was begun. */
  public void stopOperator() {
    if (operator != null) {
      operator.stop();
      operator = null;
    }
  }

  public void apply(String yaml) {
    for (String document : yaml.split("(?m)^---$")) {
      HasMetadata object = Serialization.unmarshal(document);
      object.getMetadata().setNamespace(NAMESPACE);
      client.resource(object).create();
    }
  }

  public Session session(String name) {
    return client.resources(Session.class).inNamespace(NAMESPACE).withName(name).get();
  }

  /** What the server writes into the status. */
  public void server(String session, String phase, long head, @Nullable HandsWanted wanted) {
    Session fresh = new Session();
    fresh.getMetadata().setName(session);
    fresh.getMetadata().setNamespace(NAMESPACE);
    fresh.setStatus(
        new SessionStatus(
            phase,
            null,
            1,
            "vendor",
            new LogHead(head, 100L, List.of("user: hello")),
            null,
            null,
            null,
            wanted,
            null,
            null,
            null,
            null));
    client
        .resource(fresh)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("rouse-server")
                .build());
  }

  /** As people do with kubectl: whoever is overtaken by a status tries again. */
  public void suspend(String session, boolean suspend) {
    for (int attempt = 1; ; attempt++) {
      try {
        trySuspend(session, suspend);
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != 409 || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void trySuspend(String session, boolean suspend) {
    client
        .resource(session(session))
        .edit(it -> {
          var spec = it.getSpec();
          it.setSpec(
              new dev.rouse.api.SessionSpec(
                  spec.agentRef(),
                  spec.environmentRef(),
                  spec.title(),
                  spec.metadata(),
                  spec.messages(),
                  suspend));
          return it;
        });
  }

  /** All pods of a role, by name. */
  public List<Pod> pods(String role) {
    return client.pods().inNamespace(NAMESPACE).withLabel("rouse.dev/role", role).list().getItems();
  }

  public List<String> podNames(String role) {
    return pods(role).stream().map(it -> it.getMetadata().getName()).sorted().toList();
  }

  /** What a kubelet writes into a pod's status. */
  public void kubelet(String pod, String status) {
    Pod found = client.pods().inNamespace(NAMESPACE).withName(pod).get();
    found.setStatus(
        Serialization.unmarshal(status, io.fabric8.kubernetes.api.model.PodStatus.class));
    client.resource(found).updateStatus();
  }

  public void ready(String pod) {
    kubelet(
        pod,
        """
        phase: Running
        podIP: 10.0.0.9
        conditions: [{type: Ready, status: "True"}]
        """);
  }

  public void unready(String pod, String since) {
    kubelet(
        pod,
        """
        phase: Running
        podIP: 10.0.0.9
        conditions: [{type: Ready, status: "False", lastTransitionTime: "%s"}]
        """
            .formatted(since));
  }

  public void exited(String pod, String container, int code) {
    kubelet(
        pod,
        """
        phase: %s
        containerStatuses: [{name: %s, state: {terminated: {exitCode: %d}}}]
        """
            .formatted(code == 0 ? "Succeeded" : "Failed", container, code));
  }

  /** Makes a claim wait for a volume of a class. */
  public void unbound(String claim, String storageClass) {
    PersistentVolumeClaim waiting =
        client
            .persistentVolumeClaims()
            .inNamespace(NAMESPACE)
            .withName(claim)
            .edit(it ->
                new PersistentVolumeClaimBuilder(it)
                    .editSpec()
                    .withStorageClassName(storageClass)
                    .endSpec()
                    .build());
    waiting.setStatus(new PersistentVolumeClaimStatusBuilder().withPhase("Pending").build());
    client.resource(waiting).updateStatus();
  }

  public List<String> eventReasons() {
    return client.resources(Event.class).inNamespace(NAMESPACE).list().getItems().stream()
        .map(Event::getReason)
        .toList();
  }

  public List<String> writes() {
    return dispatcher.writes();
  }

  /** Requests that failed as they were told to. */
  public List<String> faults() {
    return dispatcher.faults();
  }

  /** From now on requests ({@code METHOD path?query}) of this kind do nothing and fail. */
  public void failWhen(Predicate<String> requests) {
    dispatcher.failWhen(requests);
  }

  /** From now on requests of this kind do what they ask for, and fail. */
  public void loseAnswerWhen(Predicate<String> requests) {
    dispatcher.loseAnswerWhen(requests);
  }

  @Override
  public void close() {
    stopOperator();
    client.close();
    server.destroy();
    meters.close();
  }
}
