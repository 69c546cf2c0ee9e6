package dev.rouse.server.auth;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Asks with TokenReview and SubjectAccessReview. */
public final class KubernetesReviews implements Reviews {

  private final KubernetesClient client;

  public KubernetesReviews(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Identity> identify(String token, String audience) {
    TokenReview review =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token)
            .withAudiences(audience)
            .endSpec()
            .build();
    try {
      TokenReviewStatus status = client.tokenReviews().create(review).getStatus();
      // Without audiences in the answer the token was made for the API server itself.
      boolean valid =
          Boolean.TRUE.equals(status.getAuthenticated())
              && status.getAudiences() != null
              && status.getAudiences().contains(audience);
      return valid ? Optional.of(identity(status.getUser())) : Optional.empty();
    } catch (KubernetesClientException e) {
      throw new ReviewUnavailable("the API server did not review a token: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean allows(Identity who, Access access) {
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(who.username())
            .withUid(who.uid())
            .withGroups(who.groups())
            .withExtra(who.extra())
            .withNewResourceAttributes()
            .withGroup(Rouse.GROUP)
            .withVersion(Rouse.VERSION)
            .withNamespace(access.namespace())
            .withVerb(access.verb())
            .withResource(access.resource())
            .withSubresource(access.subresource())
            .withName(access.name())
            .endResourceAttributes()
            .endSpec()
            .build();
    try {
      SubjectAccessReview answer = client.authorization().v1().subjectAccessReview().create(review);
      return Boolean.TRUE.equals(answer.getStatus().getAllowed());
    } catch (KubernetesClientException e) {
      throw new ReviewUnavailable("the API server did not review access: " + e.getMessage(), e);
    }
  }

  private static Identity identity(UserInfo user) {
    return new Identity(
        Objects.requireNonNullElse(user.getUsername(), ""),
        Objects.requireNonNullElse(user.getUid(), ""),
        Objects.requireNonNullElse(user.getGroups(), List.of()),
        Objects.requireNonNullElse(user.getExtra(), Map.of()));
  }
}
