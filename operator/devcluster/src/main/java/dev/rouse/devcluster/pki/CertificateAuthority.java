package dev.rouse.devcluster.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority that lives in memory: its key is never written down, so nothing outside
 * this process can issue certificates for the run.
 */
final class CertificateAuthority {

  /** Nobody keeps a dev cluster up for longer, and a certificate that leaks is soon worthless. */
  private static final Duration LIFE = Duration.ofDays(90);

  /** Clocks of containers and their hosts differ a little. */
  private static final Duration BACKDATE = Duration.ofMinutes(5);

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;
  private final KeyPair keys = KeyKind.EC.generate();
  private final X500Name name;
  private final X509Certificate certificate;

  CertificateAuthority(String commonName, InstantSource clock) {
    this.clock = clock;
    this.name = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
    this.certificate = sign(name, keys, new Use(List.of(), List.of(), true));
  }

  /** Writes the authority's own certificate. */
  Path write(Path file) throws IOException {
    Files.writeString(file, pem(certificate));
    return file;
  }

  /**
   * Makes a key and its certificate and writes them to {@code <name>.crt} and {@code <name>.key}.
   */
  KeyFiles issue(CertificateRequest request, Path directory, String fileName) throws IOException {
    KeyPair pair = request.key().generate();
    X500NameBuilder subject = new X500NameBuilder();
    request.organizations().forEach(group -> subject.addRDN(BCStyle.O, group));
    subject.addRDN(BCStyle.CN, request.commonName());
    X509Certificate issued = sign(subject.build(), pair, use(request));
    KeyFiles files =
        new KeyFiles(directory.resolve(fileName + ".crt"), directory.resolve(fileName + ".key"));
    Files.writeString(files.certificate(), pem(issued));
    Pem.writeSecret(files.key(), pem(pair.getPrivate()));
    return files;
  }

  /** A PKCS #8 key as text. */
  static String pem(PrivateKey key) {
    return Pem.encode("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(X509Certificate certificate) {
    try {
      return Pem.encode("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Use use(CertificateRequest request) {
    List<GeneralName> hosts = new ArrayList<>();
    request.names().forEach(host -> hosts.add(new GeneralName(GeneralName.dNSName, host)));
    request.addresses().forEach(ip -> hosts.add(new GeneralName(GeneralName.iPAddress, ip)));
    List<KeyPurposeId> purposes = new ArrayList<>(List.of(KeyPurposeId.id_kp_clientAuth));
    if (request.isServer()) {
      purposes.add(KeyPurposeId.id_kp_serverAuth);
    }
    return new Use(hosts, purposes, false);
  }

  private X509Certificate sign(X500Name subject, KeyPair pair, Use use) {
    Instant now = clock.instant();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(120, random).setBit(120),
            Date.from(now.minus(BACKDATE)),
            Date.from(now.plus(LIFE)),
            subject,
            pair.getPublic());
    try {
      use.describe(builder);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder(KeyKind.EC.signature()).build(keys.getPrivate())));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot issue a certificate for " + subject, e);
    }
  }

  /** What a certificate may be used for. */
  private record Use(List<GeneralName> hosts, List<KeyPurposeId> purposes, boolean authority) {

    void describe(X509v3CertificateBuilder builder) throws IOException {
      add(builder, Extension.basicConstraints, new BasicConstraints(authority));
      int usage =
          authority
              ? KeyUsage.keyCertSign | KeyUsage.digitalSignature
              : KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
      add(builder, Extension.keyUsage, new KeyUsage(usage));
      if (!purposes.isEmpty()) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
      }
      if (!hosts.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(hosts.toArray(GeneralName[]::new)));
      }
    }

    private static void add(
        X509v3CertificateBuilder builder, ASN1ObjectIdentifier what, ASN1Encodable value)
        throws IOException {
      builder.addExtension(what, true, value);
    }
  }
}
