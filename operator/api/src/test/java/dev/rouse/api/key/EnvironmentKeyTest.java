package dev.rouse.api.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EnvironmentKeyTest {

  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  private final EnvironmentKey key = EnvironmentKey.random(new SecureRandom());
  private final EnvironmentGrant grant =
      new EnvironmentGrant(key.hash(), "team-a", "farm", "uid-1", NOW, null, "robot");

  @Test
  void noApiKeyIsTakenForOneNorTheOtherWayRound() {
    // Given
    ApiKey other = ApiKey.random(new SecureRandom());
    // When
    // Then
    assertThat(EnvironmentKey.of(key.text())).contains(key);
    assertThat(EnvironmentKey.isMeantBy(other.text())).isFalse();
    assertThat(ApiKey.isMeantBy(key.text())).isFalse();
    assertThat(ApiKey.of(key.text())).isEmpty();
  }

  @Test
  void nothingPrintedHoldsTheKey() {
    assertThat(key.toString()).doesNotContain(key.text()).contains(key.secretName());
  }

  @Test
  void aGrantIsReadFromItsSecretAsItWasWritten() {
    // When
    Secret secret = grant.toSecret("rouse-system");
    // Then
    assertThat(EnvironmentGrant.of(secret)).contains(grant);
    assertThat(secret.getMetadata().getName()).isEqualTo(key.secretName());
    assertThat(secret.toString()).doesNotContain(key.text());
    assertThat(grant.isAbout(key)).isTrue();
    assertThat(grant.isAbout(EnvironmentKey.random(new SecureRandom()))).isFalse();
  }

  @Test
  void whatIsNotOursIsNoGrant() {
    // Given
    Secret secret = grant.toSecret("rouse-system");
    // When
    Secret otherType = new SecretBuilder(secret).withType(KeyGrant.TYPE).build();
    Secret otherName = new SecretBuilder(secret).editMetadata().withName("x").endMetadata().build();
    Secret broken = new SecretBuilder(secret).addToData("created", "bm8=").build();
    // Then
    assertThat(EnvironmentGrant.of(otherType)).isEmpty();
    assertThat(EnvironmentGrant.of(otherName)).isEmpty();
    assertThat(EnvironmentGrant.of(broken)).isEmpty();
  }
}
