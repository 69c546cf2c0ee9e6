package dev.rouse.devcluster.node.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;

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
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.Optional;

/** What the node writes about pods. Every call names the pod's UID, so a namesake is never hit. */
public final class PodApi {

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
    // Not through the typed client: that reads the pod first, a second round trip for each write.
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(
                "%s%s/status"
                    .formatted(client.getMasterUrl().toString().replaceAll("/$", ""), path(pod)))
            .method(
                "PATCH",
                "application/strategic-merge-patch+json",
                client.getKubernetesSerialization().asJson(patch))
            .build();
    HttpResponse<String> response =
        client.getHttpClient().sendAsync(request, String.class).orTimeout(30, SECONDS).join();
    if (response.isSuccessful()) {
      return Optional.of(client.getKubernetesSerialization().unmarshal(response.body(), Pod.class));
    }
    if (gone(response.code())) {
      return Optional.empty();
    }
    throw new KubernetesClientException(
        "the status of pod %s was not written: %d %s"
            .formatted(path(pod), response.code(), response.body()));
  }

  /** Removes the object at last, once nothing of the pod is left on this machine. */
  public void remove(Pod pod) {
    try {
      var unused =
          client.raw(
              path(pod),
              "DELETE",
              new DeleteOptionsBuilder()
                  .withGracePeriodSeconds(0L)
                  .withNewPreconditions()
                  .withUid(pod.getMetadata().getUid())
                  .endPreconditions()
                  .build());
    } catch (KubernetesClientException e) {
      if (!gone(e.getCode())) {
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
  private static boolean gone(int code) {
    return code == HttpURLConnection.HTTP_NOT_FOUND || code == HttpURLConnection.HTTP_CONFLICT;
  }

  private static String path(Pod pod) {
    return "/api/v1/namespaces/%s/pods/%s"
        .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
  }
}
