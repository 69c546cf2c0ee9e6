package dev.rouse.server.resource;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Optional;

/** Asks the API server; writes by server-side apply as {@link Rouse#SERVER_MANAGER}. */
public final class KubernetesSessions implements SessionObjects {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Rouse.SERVER_MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;

  public KubernetesSessions(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Session> read(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(Session.class).inNamespace(namespace).withName(name).get());
  }

  @Override
  public Applied applyStatus(Session session) {
    try {
      return new Applied.Done(client.resource(session).subresource("status").patch(APPLY));
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT -> new Applied.Conflict();
        case HttpURLConnection.HTTP_NOT_FOUND -> new Applied.Gone();
        default -> throw e;
      };
    }
  }
}
