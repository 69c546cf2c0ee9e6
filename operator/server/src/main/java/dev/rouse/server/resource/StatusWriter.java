package dev.rouse.server.resource;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one place where {@code Session.status} is written: by server-side apply as {@link
 * Rouse#SERVER_MANAGER}, with the resource version of the object that the new status was made from.
 * So no server overwrites what it has not seen, and the operator's part is never touched.
 */
public final class StatusWriter {

  /** Writers of one object are few: two servers and the operator. */
  private static final int ATTEMPTS = 20;

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Rouse.SERVER_MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final Sessions sessions;

  public StatusWriter(KubernetesClient client, Sessions sessions) {
    this.client = client;
    this.sessions = sessions;
  }

  /**
   * Writes what {@code next} makes of the object, and asks again with a newer object if that one has
   * changed meanwhile. Writes nothing if nothing would change.
   *
   * @param next the server's whole part of the status, or empty to leave it as it is
   * @return the object as it is afterwards; empty if it is gone
   */
  public Optional<Session> update(String uid, Function<Session, Optional<SessionStatus>> next) {
    Optional<Session> read = sessions.get(uid);
    for (int attempt = 0; attempt < ATTEMPTS && read.isPresent(); attempt++) {
      Session session = read.get();
      Optional<SessionStatus> status = next.apply(session);
      if (status.isEmpty() || status.get().equals(ServerPart.of(session))) {
        return read;
      }
      try {
        sessions.learn(apply(session, status.get()));
        return sessions.get(uid);
      } catch (KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
          return Optional.empty();
        }
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          throw e;
        }
        read = sessions.refresh(uid);
      }
    }
    if (read.isPresent()) {
      throw new IllegalStateException(
          "the status of session %s/%s was changed by others %d times in a row"
              .formatted(
                  read.get().getMetadata().getNamespace(),
                  read.get().getMetadata().getName(),
                  ATTEMPTS));
    }
    return read;
  }

  private Session apply(Session read, SessionStatus status) {
    Session applied = new Session();
    applied.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(read.getMetadata().getNamespace())
            .withName(read.getMetadata().getName())
            .withUid(read.getMetadata().getUid())
            .withResourceVersion(read.getMetadata().getResourceVersion())
            .build());
    applied.setStatus(status);
    return client.resource(applied).subresource("status").patch(APPLY);
  }
}
