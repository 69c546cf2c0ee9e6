package dev.rouse.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptCertificateTest {

  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final List<String> NAMES = List.of("localhost", "rouse-server");

  private final KeptCertificate kept = make();

  private static KeptCertificate make() {
    try {
      return KeptCertificate.make(NAMES, NOW);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Instant in(int days) {
    return NOW.plus(Duration.ofDays(days));
  }

  @Test
  void comes_back_from_a_secrets_data() throws Exception {
    // When
    Map<String, String> data = kept.data();
    // Then
    assertThat(data).containsOnlyKeys("tls.crt", "tls.key", "ca.crt", "ca.key");
    assertThat(KeptCertificate.of(data)).isEqualTo(kept);
  }

  @Test
  void stays_for_two_months() throws Exception {
    assertThat(kept.asOf(NAMES, in(59))).isEqualTo(kept);
  }

  @Test
  void is_renewed_by_the_same_authority_in_its_last_month() throws Exception {
    // When
    KeptCertificate next = kept.asOf(NAMES, in(61));
    // Then
    assertThat(next.ca()).isEqualTo(kept.ca());
    assertThat(next.key()).isNotEqualTo(kept.key());
    assertThat(next.ends()).isEqualTo(in(61 + 90));
    assertThat(next.asOf(NAMES, in(61))).isEqualTo(next);
  }

  @Test
  void the_authority_is_prolonged_in_its_last_year_with_the_same_key() throws Exception {
    // When
    KeptCertificate next = kept.asOf(NAMES, in(3650 - 364));
    // Then
    assertThat(next.ca()).isNotEqualTo(kept.ca());
    assertThat(next.caKey()).isEqualTo(kept.caKey());
    assertThat(Pem.certificate(next.ca()).getNotAfter().toInstant())
        .isEqualTo(in(3650 - 364 + 3650));
    Pem.certificate(next.chain()).verify(Pem.certificate(kept.ca()).getPublicKey());
  }

  @Test
  void a_new_name_is_added_to_those_that_another_server_may_need() throws Exception {
    // When
    KeptCertificate next = kept.asOf(List.of("localhost", "rouse.example.com"), in(1));
    // Then
    assertThat(KeptCertificate.names(Pem.certificate(next.chain())))
        .containsExactly("localhost", "rouse-server", "rouse.example.com");
    assertThat(next.asOf(NAMES, in(1))).isEqualTo(next);
  }

  @Test
  void an_old_name_goes_with_the_next_renewal() throws Exception {
    // When
    KeptCertificate next = kept.asOf(List.of("localhost"), in(61));
    // Then
    assertThat(KeptCertificate.names(Pem.certificate(next.chain()))).containsExactly("localhost");
  }

  @Test
  void what_somebody_else_made_is_never_changed() throws Exception {
    // Given
    Map<String, String> data = new HashMap<>(kept.data());
    data.remove("ca.key");
    KeptCertificate foreign = KeptCertificate.of(data);
    // When
    KeptCertificate next = foreign.asOf(List.of("other.example.com"), in(89));
    // Then
    assertThat(foreign.isOurs()).isFalse();
    assertThat(next).isEqualTo(foreign);
  }

  @Test
  void data_without_a_certificate_is_refused() {
    assertThatThrownBy(() -> KeptCertificate.of(Map.of("tls.key", "")))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("tls.crt");
    assertThatThrownBy(() -> KeptCertificate.of(Map.of("tls.key", "", "tls.crt", "eA==")))
        .isInstanceOf(GeneralSecurityException.class);
  }
}
