package dev.rouse.api.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {

  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  private final ApiKey key = ApiKey.random(new SecureRandom());

  private static KeyGrant grant(ApiKey key, Instant expires) {
    return new KeyGrant(key.hash(), "team-a", "ci", "uid-1", NOW, expires, "build robot");
  }

  @Test
  void a_new_key_is_told_by_its_prefix_and_read_again() {
    // When
    String text = key.text();
    // Then
    assertThat(text).startsWith("rouse_").hasSize(49);
    assertThat(ApiKey.isMeantBy(text)).isTrue();
    assertThat(ApiKey.of(text)).contains(key);
    assertThat(ApiKey.random(new SecureRandom())).isNotEqualTo(key);
  }

  @Test
  void the_hash_is_the_sha_256_of_the_whole_text() {
    // Given
    ApiKey known = new ApiKey("rouse_" + "A".repeat(43));
    // When
    String hash = known.hash();
    // Then
    assertThat(hash).isEqualTo("a291795c2664c09118812dfca3e9d38a029862c091a772b9541e4478849cd3ae");
    assertThat(known.secretName()).isEqualTo("rouse-key-" + hash.substring(0, 20));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "rouse_", "rouse_short", "sk-ant-api03-x", "eyJhbGciOiJFUzI1NiJ9.e30.x"})
  void other_texts_are_no_keys(String text) {
    assertThat(ApiKey.of(text)).isEmpty();
    assertThat(ApiKey.of(key.text() + text + "!")).isEmpty();
  }

  @Test
  void nothing_printed_holds_the_key() {
    assertThat(key.toString()).doesNotContain(key.text()).contains(key.secretName());
  }

  @Test
  void a_grant_comes_back_from_its_secret_which_does_not_hold_the_key() {
    // Given
    KeyGrant grant = grant(key, NOW.plusSeconds(60));
    // When
    Secret secret = grant.toSecret("rouse-system");
    // Then
    assertThat(KeyGrant.of(secret)).contains(grant);
    assertThat(secret.getImmutable()).isTrue();
    assertThat(secret.getMetadata().getNamespace()).isEqualTo("rouse-system");
    assertThat(secret.getMetadata().getLabels()).containsEntry("rouse.dev/api-key", "true");
    assertThat(secret.toString()).doesNotContain(key.text());
  }

  @Test
  void a_grant_without_an_end_never_expires() {
    // Given
    KeyGrant grant = grant(key, null);
    // When
    KeyGrant read = KeyGrant.of(grant.toSecret("rouse-system")).orElseThrow();
    // Then
    assertThat(read.isExpired(NOW.plusSeconds(1_000_000_000))).isFalse();
  }

  @Test
  void a_grant_ends_at_its_moment() {
    // Given
    KeyGrant grant = grant(key, NOW.plusSeconds(60));
    // Then
    assertThat(grant.isExpired(NOW.plusSeconds(59))).isFalse();
    assertThat(grant.isExpired(NOW.plusSeconds(60))).isTrue();
  }

  @Test
  void a_grant_is_about_its_key_only() {
    // Given
    KeyGrant grant = grant(key, null);
    // Then
    assertThat(grant.isAbout(key)).isTrue();
    assertThat(grant.isAbout(ApiKey.random(new SecureRandom()))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "namespace", "service-account", "uid", "created"})
  void a_secret_that_lacks_something_grants_nothing(String missing) {
    // Given
    Secret secret = grant(key, null).toSecret("rouse-system");
    Map<String, String> data = new HashMap<>(secret.getData());
    data.remove(missing);
    // When
    Secret broken = new SecretBuilder(secret).withData(data).build();
    // Then
    assertThat(KeyGrant.of(broken)).isEmpty();
  }

  @Test
  void a_secret_of_another_type_or_name_grants_nothing() {
    // Given
    Secret secret = grant(key, null).toSecret("rouse-system");
    // When
    Secret opaque = new SecretBuilder(secret).withType("Opaque").build();
    Secret renamed =
        new SecretBuilder(secret).editMetadata().withName("rouse-key-0").endMetadata().build();
    // Then
    assertThat(KeyGrant.of(opaque)).isEmpty();
    assertThat(KeyGrant.of(renamed)).isEmpty();
  }
}
