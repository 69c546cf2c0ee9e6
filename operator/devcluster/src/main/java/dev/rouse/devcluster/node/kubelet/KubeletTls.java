package dev.rouse.devcluster.node.kubelet;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** What the node's endpoint shows and whom it trusts, from PEM files. */
final class KubeletTls {

  private static final char[] IN_MEMORY_ONLY = "in memory only".toCharArray();

  private KubeletTls() {}

  /**
   * The node's own certificate and key.
   *
   * @throws IOException if a file cannot be read or holds something else
   */
  static KeyCertOptions own(Path certificate, Path key) throws IOException {
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, IN_MEMORY_ONLY);
      own.setKeyEntry(
          "node",
          privateKey(key),
          IN_MEMORY_ONLY,
          certificates(certificate).toArray(Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, IN_MEMORY_ONLY);
      for (KeyManager manager : keys.getKeyManagers()) {
        if (manager instanceof X509KeyManager x509) {
          return KeyCertOptions.wrap(x509);
        }
      }
      throw new GeneralSecurityException("no key manager for X.509");
    } catch (GeneralSecurityException e) {
      throw new IOException("the node's certificate cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Who signs clients.
   *
   * @throws IOException if the file cannot be read or holds something else
   */
  static TrustOptions clients(Path clientCa) throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, IN_MEMORY_ONLY);
      int number = 0;
      for (Certificate authority : certificates(clientCa)) {
        trusted.setCertificateEntry("client-ca-" + number++, authority);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);

      for (TrustManager manager : trust.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          return TrustOptions.wrap(x509);
        }
      }
      throw new GeneralSecurityException("no trust manager for X.509");
    } catch (GeneralSecurityException e) {
      throw new IOException("the clients' CA cannot be used: " + e.getMessage(), e);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (Reader in = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(in)) {
      for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
        switch (found) {
          case PEMKeyPair pair -> {
            return converter.getPrivateKey(pair.getPrivateKeyInfo());
          }
          case PrivateKeyInfo info -> {
            return converter.getPrivateKey(info);
          }
          default -> {
            // Such as the curve's parameters, which some tools write before the key.
          }
        }
      }
    }
    throw new IOException(file + " holds no unencrypted private key in PEM form");
  }
}
