package dev.rouse.devcluster.node.cluster;

import dev.rouse.devcluster.node.volume.Tokens.Token;
import dev.rouse.devcluster.node.volume.VolumeException;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.Optional;

/** What the node writes about pods. Every call names the pod's UID, so a namesake is never hit. */
public final class PodApi {

  private static final PatchContext STRATEGIC = PatchContext.of(PatchType.STRATEGIC_MERGE);

  private final KubernetesClient client;

  public PodApi(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes the node's part of the status. Conditions merge by type, so those of others stay.
   *
   * @return the pod afterwards; empty if it is gone
   * @throws KubernetesClientException if it could not be written
   */
  public Optional<Pod> patchStatus(Pod pod, PodStatus status) {
    Pod patch =
        new PodBuilder()
            .withNewMetadata()
            .withName(pod.getMetadata().getName())
            .withNamespace(pod.getMetadata().getNamespace())
            .withUid(pod.getMetadata().getUid())
            .endMetadata()
            .withStatus(status)
            .build();
    try {
      return Optional.ofNullable(
          client
              .pods()
              .inNamespace(pod.getMetadata().getNamespace())
              .withName(pod.getMetadata().getName())
              .subresource("status")
              .patch(STRATEGIC, client.getKubernetesSerialization().asJson(patch)));
    } catch (KubernetesClientException e) {
      if (gone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Removes the object at last, once nothing of the pod is left on this machine. */
  public void remove(Pod pod) {
    try {
      var unused =
          client.raw(
              "/api/v1/namespaces/%s/pods/%s"
                  .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName()),
              "DELETE",
              new DeleteOptionsBuilder()
                  .withGracePeriodSeconds(0L)
                  .withNewPreconditions()
                  .withUid(pod.getMetadata().getUid())
                  .endPreconditions()
                  .build());
    } catch (KubernetesClientException e) {
      if (!gone(e)) {
        throw e;
      }
    }
  }

  /** A token of the pod's service account, bound to the pod: it dies with it. */
  public Token requestToken(Pod pod, String audience, long seconds) throws VolumeException {
    String account = Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default");
    TokenRequest request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(seconds)
            .withNewBoundObjectRef()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(pod.getMetadata().getName())
            .withUid(pod.getMetadata().getUid())
            .endBoundObjectRef()
            .endSpec()
            .build();
    if (!audience.isEmpty()) {
      request.getSpec().getAudiences().add(audience);
    }
    try {
      TokenRequest answer =
          client
              .serviceAccounts()
              .inNamespace(pod.getMetadata().getNamespace())
              .withName(account)
              .tokenRequest(request);
      return new Token(
          answer.getStatus().getToken(),
          Instant.parse(answer.getStatus().getExpirationTimestamp()));
    } catch (KubernetesClientException e) {
      throw new VolumeException(
          "no token of service account \"%s\": %s".formatted(account, e.getMessage()), e);
    }
  }

  /** 404: no such pod. 409: the name now belongs to another UID. Either way ours is gone. */
  private static boolean gone(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
        || e.getCode() == HttpURLConnection.HTTP_CONFLICT;
  }
}
