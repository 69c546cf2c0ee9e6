package dev.rouse.server.tls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A certificate authority and what it signs, in the form of RFC 5280: P-256 keys, ECDSA with
 * SHA-256.
 *
 * @param certificate its own
 * @param key never to be logged
 */
record Authority(X509Certificate certificate, PrivateKey key) {

  static final Duration LIFE = Duration.ofDays(3650);
  static final Duration LEAF_LIFE = Duration.ofDays(90);

  /** Clocks of machines differ a little. */
  private static final Duration BACKDATE = Duration.ofMinutes(5);

  private static final String NAME = "rouse-server CA";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String SUBJECT_KEY = "2.5.29.14";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String AUTHORITY_KEY = "2.5.29.35";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

  /** keyCertSign and cRLSign: bits 5 and 6 of 7. */
  private static final byte[] SIGNS_CERTIFICATES = Der.bits(1, new byte[] {0x06});

  /** digitalSignature: bit 0 of 1. */
  private static final byte[] SIGNS_HANDSHAKES = Der.bits(7, new byte[] {(byte) 0x80});

  /** A chain of one, and its key. */
  record Issued(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
      return "Issued[" + certificate.getSerialNumber() + "]";
    }
  }

  /** A new one. */
  static Authority make(Instant now) throws GeneralSecurityException {
    return sign(pair(), now);
  }

  /**
   * The same with a later end. Name and key stay, so that whoever trusts the earlier certificate
   * goes on trusting what this signs, until the earlier one ends.
   */
  Authority prolonged(Instant now) throws GeneralSecurityException {
    return sign(new KeyPair(certificate.getPublicKey(), key), now);
  }

  private static Authority sign(KeyPair pair, Instant now) throws GeneralSecurityException {
    byte[] name = name(NAME);
    List<byte[]> extensions =
        List.of(
            extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.yes())),
            extension(KEY_USAGE, true, SIGNS_CERTIFICATES),
            extension(SUBJECT_KEY, false, Der.octets(keyId(pair.getPublic()))));
    X509Certificate certificate =
        sign(new Subject(name, name, pair.getPublic(), now, LIFE), extensions, pair.getPrivate());
    return new Authority(certificate, pair.getPrivate());
  }

  /**
   * A certificate for a server.
   *
   * @param names host names and IP addresses that it is reached by
   */
  Issued issue(Collection<String> names, Instant now) throws GeneralSecurityException {
    KeyPair pair = pair();
    List<byte[]> alternatives = new ArrayList<>();
    for (String each : names) {
      alternatives.add(alternative(each));
    }
    List<byte[]> extensions =
        List.of(
            extension(BASIC_CONSTRAINTS, true, Der.sequence()),
            extension(KEY_USAGE, true, SIGNS_HANDSHAKES),
            extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(SERVER_AUTHENTICATION))),
            extension(SUBJECT_KEY, false, Der.octets(keyId(pair.getPublic()))),
            extension(
                AUTHORITY_KEY,
                false,
                Der.sequence(Der.alternative(0, keyId(certificate.getPublicKey())))),
            extension(ALTERNATIVE_NAMES, false, Der.sequence(alternatives)));
    Subject subject =
        new Subject(
            certificate.getSubjectX500Principal().getEncoded(),
            name("rouse-server"),
            pair.getPublic(),
            now,
            LEAF_LIFE);
    return new Issued(sign(subject, extensions, key), pair.getPrivate());
  }

  /** Whether this text is an IP address and no host name. */
  static boolean isAddress(String name) {
    return name.contains(":") || name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }

  private record Subject(byte[] issuer, byte[] name, PublicKey key, Instant now, Duration life) {}

  private static X509Certificate sign(Subject subject, List<byte[]> extensions, PrivateKey with)
      throws GeneralSecurityException {
    byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    byte[] content =
        Der.sequence(
            Der.part(0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(120, new SecureRandom()).setBit(120)),
            algorithm,
            subject.issuer(),
            Der.sequence(
                Der.time(subject.now().minus(BACKDATE)),
                Der.time(subject.now().plus(subject.life()))),
            subject.name(),
            subject.key().getEncoded(),
            Der.part(3, Der.sequence(extensions)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(with);
    signature.update(content);
    return Pem.parse(Der.sequence(content, algorithm, Der.bits(0, signature.sign())));
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8(commonName))));
  }

  private static byte[] alternative(String name) throws GeneralSecurityException {
    try {
      return isAddress(name)
          ? Der.alternative(7, InetAddress.getByName(name).getAddress())
          : Der.alternative(2, name.getBytes(StandardCharsets.US_ASCII));
    } catch (UnknownHostException e) {
      throw new GeneralSecurityException(name + " is no IP address", e);
    }
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    byte[] content = Der.octets(value);
    return critical
        ? Der.sequence(Der.oid(oid), Der.yes(), content)
        : Der.sequence(Der.oid(oid), content);
  }

  /** Any short and steady name of the key will do (RFC 5280, 4.2.1.2). */
  private static byte[] keyId(PublicKey key) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    return Arrays.copyOf(hash, 20);
  }

  private static KeyPair pair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @Override
  public String toString() {
    return "Authority[" + certificate.getSerialNumber() + "]";
  }
}
