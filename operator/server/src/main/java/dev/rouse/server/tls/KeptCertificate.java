package dev.rouse.server.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the Secret holds: the keys that every TLS Secret has, and, where the server made it, the
 * CA's own key, by which it is renewed.
 *
 * @param chain {@code tls.crt}, PEM
 * @param key {@code tls.key}, PEM
 * @param ca {@code ca.crt}, PEM; may be empty where somebody else made the Secret
 * @param caKey {@code ca.key}, PEM; null where somebody else made the Secret, and so renews it
 */
record KeptCertificate(String chain, String key, String ca, @Nullable String caKey) {

  /** A leaf is renewed when a third of its life is left: a month to notice that it fails. */
  static final Duration RENEW_BEFORE = Authority.LEAF_LIFE.dividedBy(3);

  /** The CA's certificate is prolonged a year before its end, so that all have the new one. */
  static final Duration PROLONG_BEFORE = Duration.ofDays(365);

  private static final String CHAIN = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String CA = "ca.crt";
  private static final String CA_KEY = "ca.key";

  /** A new CA and its first certificate. */
  static KeptCertificate make(Collection<String> names, Instant now)
      throws GeneralSecurityException {
    return of(Authority.make(now), names, now);
  }

  private static KeptCertificate of(Authority authority, Collection<String> names, Instant now)
      throws GeneralSecurityException {
    Authority.Issued issued = authority.issue(names, now);
    return new KeptCertificate(
        Pem.of(issued.certificate()),
        Pem.of(issued.key()),
        Pem.of(authority.certificate()),
        Pem.of(authority.key()));
  }

  /**
   * What stands in a Secret's data. @throws GeneralSecurityException when that is no certificate
   */
  static KeptCertificate of(@Nullable Map<String, String> data) throws GeneralSecurityException {
    if (data == null || !data.containsKey(CHAIN) || !data.containsKey(KEY)) {
      throw new GeneralSecurityException("it has no " + CHAIN + " and " + KEY);
    }
    KeptCertificate kept =
        new KeptCertificate(
            text(data, CHAIN),
            text(data, KEY),
            text(data, CA),
            data.containsKey(CA_KEY) ? text(data, CA_KEY) : null);
    kept.leaf();
    return kept;
  }

  /** The Secret's data. */
  Map<String, String> data() {
    Map<String, String> text = new LinkedHashMap<>(Map.of(CHAIN, chain, KEY, key, CA, ca));
    if (caKey != null) {
      text.put(CA_KEY, caKey);
    }
    text.replaceAll((_, value) ->
        Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.US_ASCII)));
    return text;
  }

  /** Whether it is the server's to renew. */
  boolean isOurs() {
    return caKey != null;
  }

  Instant ends() throws GeneralSecurityException {
    return leaf().getNotAfter().toInstant();
  }

  /**
   * What should stand in its place, which is this itself while it does for a while yet.
   *
   * <p>Names are added at once, next to those that are there: another server may still be asked for
   * them. Names that nobody asks for any more go when it is renewed for its age.
   */
  KeptCertificate asOf(Collection<String> names, Instant now) throws GeneralSecurityException {
    if (caKey == null) {
      return this;
    }
    Authority authority = new Authority(Pem.certificate(ca), Pem.key(caKey));
    if (endsWithin(PROLONG_BEFORE, authority.certificate(), now)) {
      return of(authority.prolonged(now), names, now);
    }
    if (endsWithin(RENEW_BEFORE, leaf(), now)) {
      return of(authority, names, now);
    }
    Set<String> known = names(leaf());
    if (!known.containsAll(names)) {
      known.addAll(names);
      return of(authority, known, now);
    }
    return this;
  }

  private X509Certificate leaf() throws GeneralSecurityException {
    return Pem.certificate(chain);
  }

  private static boolean endsWithin(Duration time, X509Certificate certificate, Instant now) {
    return certificate.getNotAfter().toInstant().minus(time).isBefore(now);
  }

  /** Host names and addresses. */
  static Set<String> names(X509Certificate certificate) throws CertificateParsingException {
    Set<String> names = new TreeSet<>();
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    for (List<?> each : alternatives == null ? new ArrayList<List<?>>() : alternatives) {
      names.add(String.valueOf(each.get(1)));
    }
    return names;
  }

  private static String text(Map<String, String> data, String key) throws GeneralSecurityException {
    try {
      return new String(
          Base64.getDecoder().decode(data.getOrDefault(key, "")), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(key + " is not base 64", e);
    }
  }

  @Override
  public String toString() {
    return "KeptCertificate[" + (isOurs() ? "ours" : "somebody else's") + "]";
  }
}
