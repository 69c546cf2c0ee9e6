package dev.rouse.server.auth;

import dev.rouse.api.Rouse;
import dev.rouse.api.key.ApiKey;
import dev.rouse.api.key.KeyGrant;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Knows API keys, and asks another about every other credential.
 *
 * <p>A key stands for a ServiceAccount, with its name and groups and so with its rights. Its Secret
 * is read by name from the release namespace, the only one whose Secrets the server may read; the
 * ServiceAccount must still be the one that the key was made for.
 */
public final class ApiKeyReviews implements Reviews {

  private final KubernetesClient client;
  private final String releaseNamespace;
  private final Reviews others;
  private final Clock clock;

  public ApiKeyReviews(
      KubernetesClient client, String releaseNamespace, Reviews others, Clock clock) {
    this.client = client;
    this.releaseNamespace = releaseNamespace;
    this.others = others;
    this.clock = clock;
  }

  @Override
  public Optional<Identity> identify(String token, String audience) {
    if (!ApiKey.isMeantBy(token)) {
      return others.identify(token, audience);
    }
    // A key is for people's programs: no brain ever has one.
    if (!audience.equals(Rouse.AUDIENCE)) {
      return Optional.empty();
    }
    try {
      return ApiKey.of(token).flatMap(this::grant).flatMap(this::account);
    } catch (KubernetesClientException e) {
      throw new ReviewUnavailable("the API server did not show an API key: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean allows(Identity who, Access access) {
    return others.allows(who, access);
  }

  private Optional<KeyGrant> grant(ApiKey key) {
    return Optional.ofNullable(
            client.secrets().inNamespace(releaseNamespace).withName(key.secretName()).get())
        .flatMap(KeyGrant::of)
        .filter(grant -> grant.isAbout(key) && !grant.isExpired(clock.instant()));
  }

  private Optional<Identity> account(KeyGrant grant) {
    ServiceAccount account =
        client
            .serviceAccounts()
            .inNamespace(grant.namespace())
            .withName(grant.serviceAccount())
            .get();
    boolean same =
        account != null
            && grant.uid().equals(account.getMetadata().getUid())
            && account.getMetadata().getDeletionTimestamp() == null;
    return same ? Optional.of(identity(grant)) : Optional.empty();
  }

  /** As the API server itself sees a ServiceAccount. */
  private static Identity identity(KeyGrant grant) {
    return new Identity(
        "system:serviceaccount:" + grant.namespace() + ":" + grant.serviceAccount(),
        grant.uid(),
        List.of(
            "system:serviceaccounts",
            "system:serviceaccounts:" + grant.namespace(),
            "system:authenticated"),
        Map.of());
  }
}
