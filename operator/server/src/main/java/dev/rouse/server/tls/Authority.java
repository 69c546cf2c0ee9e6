package dev.rouse.server.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

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

  private static final X500Name NAME = new X500Name("CN=rouse-server CA");
  private static final X500Name SERVER = new X500Name("CN=rouse-server");

  /** A chain of one, and its key. */
  record Issued(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
      return "Issued[" + certificate.getSerialNumber() + "]";
    }
  }

  /** What makes a certificate one of an authority or of a server. */
  private interface Purpose {
    void describe(X509v3CertificateBuilder builder, JcaX509ExtensionUtils ids) throws IOException;
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
    X509Certificate certificate =
        sign(
            NAME,
            pair.getPublic(),
            now,
            LIFE,
            pair.getPrivate(),
            (builder, _) ->
                builder
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(
                        Extension.keyUsage,
                        true,
                        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
    return new Authority(certificate, pair.getPrivate());
  }

  /**
   * A certificate for a server.
   *
   * @param names host names and IP addresses that it is reached by
   */
  Issued issue(Collection<String> names, Instant now) throws GeneralSecurityException {
    KeyPair pair = pair();
    GeneralNames alternatives =
        new GeneralNames(names.stream().map(Authority::alternative).toArray(GeneralName[]::new));
    X509Certificate issued =
        sign(
            SERVER,
            pair.getPublic(),
            now,
            LEAF_LIFE,
            key,
            (builder, ids) ->
                builder
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                        Extension.extendedKeyUsage,
                        false,
                        new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        ids.createAuthorityKeyIdentifier(certificate.getPublicKey()))
                    .addExtension(Extension.subjectAlternativeName, false, alternatives));
    return new Issued(issued, pair.getPrivate());
  }

  private static X509Certificate sign(
      X500Name subject, PublicKey of, Instant now, Duration life, PrivateKey with, Purpose purpose)
      throws GeneralSecurityException {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            NAME,
            new BigInteger(120, new SecureRandom()).setBit(120),
            Date.from(now.minus(BACKDATE)),
            Date.from(now.plus(life)),
            subject,
            of);
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(of));
      purpose.describe(builder, ids);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(with)));
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign a certificate for " + subject, e);
    }
  }

  private static GeneralName alternative(String name) {
    boolean isAddress = name.contains(":") || name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    return new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, name);
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
