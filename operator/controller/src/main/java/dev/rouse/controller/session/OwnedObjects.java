package dev.rouse.controller.session;

import dev.rouse.api.Session;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes and removes what belongs to sessions. Creating a name is the claim to it: whoever finds the
 * name taken looks whose it is, so that an operator that died after a create leaves no twin and no
 * orphan. Whose an object is follows from its owner's UID alone; labels are never believed.
 */
final class OwnedObjects {

  /** Answers that trying again at once does not change: quota, Pod Security, a missing class. */
  private static final Set<Integer> REFUSALS = Set.of(400, 403, 404, 422);

  private final KubernetesClient client;

  OwnedObjects(KubernetesClient client) {
    this.client = client;
  }

  /** What became of a create. */
  sealed interface Claim<T extends HasMetadata> {

    /** It is there and ours, made now or before. */
    record Ours<T extends HasMetadata>(T object, boolean created) implements Claim<T> {}

    /** Not to be had: another owner holds the name, or the API server refuses the object. */
    record Refused<T extends HasMetadata>(SessionReason reason, String message)
        implements Claim<T> {}
  }

  static boolean isOwned(HasMetadata object, Session session) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner ->
            Boolean.TRUE.equals(owner.getController())
                && Objects.equals(owner.getUid(), session.getMetadata().getUid()));
  }

  /**
   * Creates {@code object} unless its name is taken.
   *
   * @throws KubernetesClientException when the API server does not answer or fails
   */
  <T extends HasMetadata> Claim<T> claim(Session session, T object) {
    try {
      return new Claim.Ours<>(client.resource(object).create(), true);
    } catch (KubernetesClientException e) {
      if (REFUSALS.contains(e.getCode())) {
        return new Claim.Refused<>(SessionReason.Refused, refusal(object, e));
      }
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      T found = client.resource(object).get();
      if (found != null && isOwned(found, session)) {
        return new Claim.Ours<>(found, false);
      }
      return new Claim.Refused<>(
          SessionReason.NameTaken,
          "%s %s in namespace %s is not of this session: remove it, or wait until it is gone"
              .formatted(
                  object.getKind(),
                  object.getMetadata().getName(),
                  object.getMetadata().getNamespace()));
    }
  }

  private static String refusal(HasMetadata object, KubernetesClientException e) {
    String why = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
    return "%s %s is refused by the cluster: %s"
        .formatted(object.getKind(), object.getMetadata().getName(), why);
  }

  /** The pod as the API server has it, which a cache may not show yet. */
  Optional<Pod> pod(Session session, String name) {
    return Optional.ofNullable(
        client.pods().inNamespace(session.getMetadata().getNamespace()).withName(name).get());
  }

  @Nullable PersistentVolumeClaim workspace(Session session) {
    return client
        .persistentVolumeClaims()
        .inNamespace(session.getMetadata().getNamespace())
        .withName(Names.of(session).workspace())
        .get();
  }

  /** The session as the API server has it, or empty if it is gone. */
  Optional<Session> fresh(Session session) {
    return Optional.ofNullable(
            client
                .resources(Session.class)
                .inNamespace(session.getMetadata().getNamespace())
                .withName(session.getMetadata().getName())
                .get())
        .filter(it -> it.getMetadata().getUid().equals(session.getMetadata().getUid()));
  }

  /** Asks for the pod's end; it may already be gone. */
  void end(Session session, PodView pod) {
    client.pods().inNamespace(session.getMetadata().getNamespace()).withName(pod.name()).delete();
  }
}
