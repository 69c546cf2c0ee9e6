package dev.rouse.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.Test;

/**
 * What is signed, judged by others' code: the JDK's path validation and another library's reader.
 */
class AuthorityTest {

  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final List<String> NAMES =
      List.of("rouse-server.rouse-system.svc", "localhost", "127.0.0.1", "fd00::1");

  private static void validate(X509Certificate leaf, X509Certificate ca, Instant at)
      throws Exception {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ca, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf)), parameters);
  }

  @Test
  void a_certificate_is_valid_for_ninety_days() throws Exception {
    // Given
    Authority authority = Authority.make(NOW);
    // When
    X509Certificate leaf = authority.issue(NAMES, NOW).certificate();
    // Then
    validate(leaf, authority.certificate(), NOW);
    validate(leaf, authority.certificate(), NOW.plus(Duration.ofDays(89)));
    assertThatThrownBy(() -> validate(leaf, authority.certificate(), NOW.plus(Duration.ofDays(91))))
        .isInstanceOf(CertPathValidatorException.class);
  }

  @Test
  void a_certificate_says_names_and_addresses_and_that_it_serves_only() throws Exception {
    // When
    X509Certificate leaf = Authority.make(NOW).issue(NAMES, NOW).certificate();
    // Then
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(
            List.of(2, "rouse-server.rouse-system.svc"),
            List.of(2, "localhost"),
            List.of(7, "127.0.0.1"),
            List.of(7, "fd00:0:0:0:0:0:0:1"));
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(leaf.getKeyUsage()).startsWith(true, false, false);
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getVersion()).isEqualTo(3);
  }

  @Test
  void another_authority_does_not_vouch_for_it() throws Exception {
    // Given
    X509Certificate leaf = Authority.make(NOW).issue(NAMES, NOW).certificate();
    // When
    Authority other = Authority.make(NOW);
    // Then
    assertThatThrownBy(() -> validate(leaf, other.certificate(), NOW))
        .isInstanceOf(CertPathValidatorException.class);
  }

  @Test
  void the_authority_signs_certificates_for_ten_years() throws Exception {
    // When
    X509Certificate ca = Authority.make(NOW).certificate();
    // Then
    assertThat(ca.getBasicConstraints()).isNotNegative();
    assertThat(ca.getKeyUsage()[5]).as("keyCertSign").isTrue();
    assertThat(ca.getKeyUsage()[0]).as("digitalSignature").isFalse();
    assertThat(Duration.between(NOW, ca.getNotAfter().toInstant()))
        .isEqualTo(Duration.ofDays(3650));
    ca.verify(ca.getPublicKey());
  }

  @Test
  void a_prolonged_authority_and_the_earlier_one_vouch_for_each_others_certificates()
      throws Exception {
    // Given
    Authority first = Authority.make(NOW);
    Instant later = NOW.plus(Duration.ofDays(3300));
    // When
    Authority second = first.prolonged(later);
    // Then
    X509Certificate after = second.issue(NAMES, later).certificate();
    validate(after, first.certificate(), later);
    validate(first.issue(NAMES, later).certificate(), second.certificate(), later);
    assertThat(second.certificate().getNotAfter()).isAfter(first.certificate().getNotAfter());
    assertThat(second.certificate().getSerialNumber())
        .isNotEqualTo(first.certificate().getSerialNumber());
  }

  @Test
  void another_library_reads_the_same() throws Exception {
    // Given
    Authority authority = Authority.make(NOW);
    // When
    JcaX509CertificateHolder ca = new JcaX509CertificateHolder(authority.certificate());
    JcaX509CertificateHolder leaf =
        new JcaX509CertificateHolder(authority.issue(NAMES, NOW).certificate());
    // Then
    assertThat(leaf.isSignatureValid(new JcaContentVerifierProviderBuilder().build(ca))).isTrue();
    assertThat(AuthorityKeyIdentifier.fromExtensions(leaf.getExtensions()).getKeyIdentifierOctets())
        .isEqualTo(SubjectKeyIdentifier.fromExtensions(ca.getExtensions()).getKeyIdentifier());
    assertThat(leaf.getExtension(Extension.basicConstraints).isCritical()).isTrue();
    assertThat(ca.getExtension(Extension.keyUsage).isCritical()).isTrue();
    assertThat(leaf.getIssuer()).isEqualTo(ca.getSubject());
  }

  @Test
  void times_after_2049_are_written_in_full() throws Exception {
    // Given
    Instant far = Instant.parse("2049-12-31T12:00:00Z");
    // When
    X509Certificate leaf = Authority.make(far).issue(NAMES, far).certificate();
    // Then
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(far.minus(Duration.ofMinutes(5)));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(Instant.parse("2050-03-31T12:00:00Z"));
  }

  @Test
  void key_and_certificate_come_back_from_their_text() throws Exception {
    // Given
    Authority.Issued issued = Authority.make(NOW).issue(NAMES, NOW);
    // When
    X509Certificate certificate = Pem.certificate(Pem.of(issued.certificate()));
    // Then
    assertThat(certificate).isEqualTo(issued.certificate());
    assertThat(Pem.key(Pem.of(issued.key()))).isEqualTo(issued.key());
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("k", issued.key(), new char[0], new X509Certificate[] {certificate});
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void nothing_printed_holds_a_key() throws Exception {
    // Given
    Authority authority = Authority.make(NOW);
    Authority.Issued issued = authority.issue(NAMES, NOW);
    KeptCertificate kept = KeptCertificate.make(NAMES, NOW);
    // When
    String printed = authority + " " + issued + " " + kept;
    // Then
    assertThat(printed).doesNotContain("PRIVATE").doesNotContain("BEGIN").hasSizeLessThan(200);
  }
}
