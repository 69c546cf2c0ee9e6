package dev.rouse.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session as one sees it from outside: its object, its log, its pods' processes, its files. */
public final class WorkSession extends SessionView {

  private final Namespace namespace;

  private WorkSession(Namespace namespace, String name, String uid) {
    super(namespace.cluster().client(), namespace.cluster().store(), namespace.name(), name, uid);
    this.namespace = namespace;
  }

  static WorkSession create(Namespace namespace, String name, String agent, String text) {
    namespace
        .cluster()
        .apply(Cluster.manifest("/session.yaml").formatted(namespace.name(), name, agent, text));
    return of(namespace, name);
  }

  static WorkSession of(Namespace namespace, String name) {
    Session session =
        namespace
            .cluster()
            .client()
            .resources(Session.class)
            .inNamespace(namespace.name())
            .withName(name)
            .require();
    return new WorkSession(namespace, name, session.getMetadata().getUid());
  }

  static WorkSession ofUid(Namespace namespace, String uid) {
    return namespace
        .cluster()
        .client()
        .resources(Session.class)
        .inNamespace(namespace.name())
        .list()
        .getItems()
        .stream()
        .filter(session -> session.getMetadata().getUid().equals(uid))
        .map(session -> new WorkSession(namespace, session.getMetadata().getName(), uid))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no Session with UID " + uid + " in " + namespace));
  }

  public Namespace namespace() {
    return namespace;
  }

  /** The process of the brain that the object names, once there is one. */
  public PodProcess brain() {
    return process("brain", this::runningBrain);
  }

  /** The process of the brain that the object names, if there is one now. */
  public Optional<PodProcess> runningBrain() {
    return Optional.ofNullable(status())
        .map(SessionStatus::harness)
        .flatMap(harness -> processOf(harness.pod(), harness.uid()));
  }

  /** The process of the hands that the object names. */
  public PodProcess hands() {
    return process(
        "hands",
        () ->
            Optional.ofNullable(status())
                .map(SessionStatus::hands)
                .flatMap(hands -> processOf(hands.pod(), hands.uid())));
  }

  private PodProcess process(
      String what, java.util.concurrent.Callable<Optional<PodProcess>> look) {
    return await(namespace.name() + "/" + name() + " has a process of its " + what)
        .atMost(PATIENCE)
        .until(look, Optional::isPresent)
        .orElseThrow();
  }

  private Optional<PodProcess> processOf(@Nullable String pod, @Nullable String podUid) {
    return pod == null || podUid == null
        ? Optional.empty()
        : PodProcess.of(namespace.cluster().launcher().nodeData(), pod, podUid);
  }
}
