package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Rouse;
import dev.rouse.api.key.ApiKey;
import dev.rouse.api.key.KeyGrant;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole commands about API keys. */
class KeyCommandsTest extends CommandFixture {

  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

  private void allow(boolean allowed, String reason) {
    kubernetes
        .expect()
        .post()
        .withPath(REVIEWS)
        .andReturn(
            201,
            new SelfSubjectAccessReviewBuilder()
                .withNewStatus()
                .withAllowed(allowed)
                .withReason(reason)
                .endStatus()
                .build())
        .always();
  }

  private ServiceAccount account() {
    return client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace("team-a")
                .withName("ci")
                .endMetadata()
                .build())
        .create();
  }

  private List<Secret> keys() {
    return client
        .secrets()
        .inNamespace(Rouse.RELEASE_NAMESPACE)
        .withLabel(KeyGrant.LABEL, "true")
        .list()
        .getItems();
  }

  @Test
  void key_create_prints_the_key_alone_and_keeps_its_hash() {
    // Given
    allow(true, "");
    String uid = account().getMetadata().getUid();
    // When
    int code = run("key", "create", "--as-sa", "team-a/ci", "--name", "robot", "--expires", "90d");
    // Then
    assertThat(code).as(err.toString()).isZero();
    ApiKey key = ApiKey.of(out.toString().strip()).orElseThrow();
    assertThat(err.toString()).contains("team-a/ci").doesNotContain(key.text());
    KeyGrant grant = KeyGrant.of(keys().getFirst()).orElseThrow();
    assertThat(grant.isAbout(key)).isTrue();
    assertThat(grant.uid()).isEqualTo(uid);
    assertThat(grant.name()).isEqualTo("robot");
    assertThat(grant.isExpired(Instant.now().plusSeconds(89 * 86_400L))).isFalse();
    assertThat(grant.isExpired(Instant.now().plusSeconds(91 * 86_400L))).isTrue();
  }

  @Test
  void key_create_needs_the_right_to_become_the_account() {
    // Given
    allow(false, "no");
    account();
    // When
    int code = run("key", "create", "--as-sa", "team-a/ci");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("create serviceaccounts/token", "team-a");
    assertThat(keys()).isEmpty();
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void key_create_for_nobody_says_how_to_make_the_account() {
    // Given
    allow(true, "");
    // When
    int code = run("key", "create", "--as-sa", "nobody");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("kubectl create serviceaccount nobody -n team-a");
  }

  @Test
  void key_list_shows_whom_keys_stand_for() {
    // Given
    allow(true, "");
    account();
    run("key", "create", "--as-sa", "ci", "--name", "robot");
    String key = out.toString().strip();
    out.getBuffer().setLength(0);
    // When
    int code = run("key", "list");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("team-a/ci", "never", "robot").doesNotContain(key);
  }

  @Test
  void key_revoke_takes_names_and_keys_and_touches_no_other_secret() {
    // Given
    allow(true, "");
    account();
    run("key", "create", "--as-sa", "ci");
    String key = out.toString().strip();
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Rouse.RELEASE_NAMESPACE)
                .withName("rouse-ticket-key")
                .endMetadata()
                .withType("Opaque")
                .build())
        .create();
    // When
    int other = run("key", "revoke", "rouse-ticket-key");
    int code = run("key", "revoke", key);
    // Then
    assertThat(other).isEqualTo(1);
    assertThat(code).as(err.toString()).isZero();
    assertThat(keys()).isEmpty();
    assertThat(
            client
                .secrets()
                .inNamespace(Rouse.RELEASE_NAMESPACE)
                .withName("rouse-ticket-key")
                .get())
        .isNotNull();
  }
}
