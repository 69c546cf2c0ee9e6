package dev.rouse.server.auth;

import dev.rouse.api.key.EnvironmentGrant;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** Grants as Secrets of the release namespace hold them; read by name. */
public final class EnvironmentGrants implements WorkerReviews.Grants {

  private final KubernetesClient client;
  private final String releaseNamespace;

  public EnvironmentGrants(KubernetesClient client, String releaseNamespace) {
    this.client = client;
    this.releaseNamespace = releaseNamespace;
  }

  @Override
  public Optional<EnvironmentGrant> named(String secret) {
    try {
      return Optional.ofNullable(
              client.secrets().inNamespace(releaseNamespace).withName(secret).get())
          .flatMap(EnvironmentGrant::of);
    } catch (KubernetesClientException e) {
      throw new ReviewUnavailable(
          "the API server did not show an environment key: " + e.getMessage(), e);
    }
  }
}
