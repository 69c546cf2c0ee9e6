package dev.rouse.devcluster.node;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for one test cluster. */
final class TestPki {

  private static final X500Name AUTHORITY = new X500Name("CN=test-ca");

  private final Path directory;
  private final KeyPair authority;
  private int serial = 1;

  TestPki(Path directory) throws Exception {
    this.directory = Files.createDirectories(directory);
    authority = keyPair();
    issue("ca", AUTHORITY, authority, true);
  }

  Path ca() {
    return certificate("ca");
  }

  Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** Issues a certificate for clients and for serving on 127.0.0.1. */
  TestPki issue(String name, String subject) throws Exception {
    issue(name, new X500Name(subject), keyPair(), false);
    return this;
  }

  private void issue(String name, X500Name subject, KeyPair keys, boolean ca)
      throws IOException, OperatorCreationException {
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            AUTHORITY,
            BigInteger.valueOf(serial++),
            Date.from(now.minus(1, ChronoUnit.HOURS)),
            Date.from(now.plus(1, ChronoUnit.DAYS)),
            subject,
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    if (!ca) {
      GeneralName[] names = {
        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
        new GeneralName(GeneralName.dNSName, "localhost")
      };
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
    var signer = new JcaContentSignerBuilder("SHA256withRSA").build(authority.getPrivate());
    write(certificate(name), builder.build(signer));
    write(key(name), keys.getPrivate());
  }

  private static void write(Path file, Object object) throws IOException {
    try (JcaPEMWriter out = new JcaPEMWriter(Files.newBufferedWriter(file))) {
      out.writeObject(object);
    }
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }
}
