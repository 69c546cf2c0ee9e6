package dev.rouse.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.SessionSpec.Message;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.PendingAction;
import dev.rouse.log.LogKey;
import dev.rouse.session.LogRecord;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session as one sees it anywhere: its object, its log, its pods. */
public class SessionView {

  /** For whatever must happen; machines that run tests are slow at times. */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  private final KubernetesClient client;
  private final Store store;
  private final String namespace;
  private final String name;
  private final String uid;

  protected SessionView(
      KubernetesClient client, Store store, String namespace, String name, String uid) {
    this.client = client;
    this.store = store;
    this.namespace = namespace;
    this.name = name;
    this.uid = uid;
  }

  public String name() {
    return name;
  }

  public String uid() {
    return uid;
  }

  /** The object as it is now. */
  public Session object() {
    return resource().require();
  }

  public @Nullable SessionStatus status() {
    return object().getStatus();
  }

  /** Adds a message. */
  public void say(String id, String text) {
    resource()
        .edit(session -> {
          List<Message> messages = new ArrayList<>(session.getSpec().messages());
          messages.add(new Message(id, text));
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
          return session;
        });
  }

  /** Waits until it rests after an answer that begins with {@code answer}. */
  public void awaitAnswer(String answer) {
    await(namespace + "/" + name + " answers \"" + answer + "…\" and rests")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() ->
            rests(status()) && tail().stream().anyMatch(l -> l.startsWith("agent: " + answer)));
  }

  /** Waits until it rests because a call waits for a person or a client; the first such call. */
  public PendingAction awaitAsked() {
    return await(namespace + "/" + name + " asks somebody")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                Optional.ofNullable(status())
                    .filter(status -> "requires_action".equals(status.stopReason()))
                    .flatMap(status -> status.pendingActions().stream().findFirst()),
            Optional::isPresent)
        .orElseThrow();
  }

  private static boolean rests(@Nullable SessionStatus status) {
    return status != null
        && "Idle".equals(status.phase())
        && "end_turn".equals(status.stopReason());
  }

  /** Waits until its turn is over and its status tells of the last record. */
  public void awaitRest() {
    awaitIdle("end_turn");
  }

  /** Waits until it rests because only a person can answer. */
  public void awaitAsking() {
    awaitIdle("requires_action");
  }

  private void awaitIdle(String stopReason) {
    await(namespace + "/" + name + " is idle: " + stopReason)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          SessionStatus status = status();
          return status != null
              && "Idle".equals(status.phase())
              && stopReason.equals(status.stopReason())
              && status.log() != null
              && Long.valueOf(log().getLast().seq()).equals(status.log().head());
        });
  }

  /** The last lines that the object shows of the log. */
  public List<String> tail() {
    SessionStatus status = status();
    return status == null || status.log() == null ? List.of() : status.log().tail();
  }

  /** Waits until none of its pods is left. */
  public void awaitNoPods() {
    await(namespace + "/" + name + " has no pod left")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> pods().isEmpty());
  }

  /** Waits until its status tells of the last record; what no person waits for may take it 5 s. */
  public void awaitStatusAtHead() {
    await("the status of " + namespace + "/" + name + " has caught up with the log")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() -> {
          SessionStatus status = status();
          return status != null
              && status.log() != null
              && Long.valueOf(log().getLast().seq()).equals(status.log().head());
        });
  }

  /** Its pods: those that it owns. */
  public List<Pod> pods() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel(Rouse.SESSION_LABEL, uid)
        .list()
        .getItems();
  }

  /** Removes a pod, if it is still there: a pod that nobody removes hides that others are gone. */
  public void removePod(String pod) {
    client.pods().inNamespace(namespace).withName(pod).delete();
  }

  /** The log, read from where it is kept: without the server. */
  public List<LogRecord> log() {
    return store.read(client, key());
  }

  /** How many objects or rows its log has. */
  public long traces() {
    return store.traces(client, key());
  }

  private LogKey key() {
    return new LogKey(namespace, name, uid);
  }

  /** Whether its object is still there. */
  public boolean exists() {
    Session there = resource().get();
    return there != null && there.getMetadata().getUid().equals(uid);
  }

  /** A file of the workspace, if it is there. */
  public Optional<Path> file(String file) {
    return workspace().map(path -> path.resolve(file)).filter(Files::exists);
  }

  /** The lines of a file of the workspace; none if it is not there. */
  public List<String> lines(String file) {
    try {
      Optional<Path> found = file(file);
      return found.isPresent() ? Files.readAllLines(found.get()) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the workspace is on this machine, once it was made. */
  public Optional<Path> workspace() {
    return volume().map(path -> path.resolve("workspace")).filter(Files::isDirectory);
  }

  /** The directory behind the session's volume on this machine, once it has one. */
  public Optional<Path> volume() {
    return client.persistentVolumeClaims().inNamespace(namespace).list().getItems().stream()
        .filter(claim ->
            claim.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(uid)))
        .flatMap(claim -> Optional.ofNullable(claim.getSpec().getVolumeName()).stream())
        .flatMap(volume ->
            Optional.ofNullable(client.persistentVolumes().withName(volume).get()).stream())
        .map(PersistentVolume::getSpec)
        .map(spec ->
            spec.getLocal() == null ? spec.getHostPath().getPath() : spec.getLocal().getPath())
        .map(Path::of)
        .findFirst();
  }

  private Resource<Session> resource() {
    return client.resources(Session.class).inNamespace(namespace).withName(name);
  }
}
