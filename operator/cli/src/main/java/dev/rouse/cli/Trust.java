package dev.rouse.cli;

import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates the server may show. */
final class Trust {

  private Trust() {}

  /** Trusts {@code caFile} alone if given, else the cluster's CA and the public ones. */
  static SSLContext context(@Nullable Path caFile, Config cluster) {
    try {
      List<Certificate> trusted = new ArrayList<>();
      if (caFile != null) {
        trusted.addAll(certificates(Files.readAllBytes(caFile)));
      } else {
        trusted.addAll(publicAuthorities());
        if (cluster.getCaCertData() != null) {
          trusted.addAll(certificates(Base64.getDecoder().decode(cluster.getCaCertData())));
        } else if (cluster.getCaCertFile() != null) {
          trusted.addAll(certificates(Files.readAllBytes(Path.of(cluster.getCaCertFile()))));
        }
      }
      return context(managers(store(trusted)));
    } catch (IOException | GeneralSecurityException e) {
      throw new CliException(
          "cannot read the CA certificate"
              + (caFile == null ? " of the kubeconfig" : "s in " + caFile)
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /**
   * Trusts whoever {@code authorities} say is {@code name}.
   *
   * @param authorities PEM
   */
  static SSLContext named(String name, String authorities) {
    try {
      byte[] pem = authorities.getBytes(StandardCharsets.US_ASCII);
      for (TrustManager manager : managers(store(certificates(pem)))) {
        if (manager instanceof X509TrustManager x509) {
          return context(new NamedTrust(x509, name));
        }
      }
      throw new GeneralSecurityException("this Java trusts nobody");
    } catch (IOException | GeneralSecurityException e) {
      throw new CliException("cannot read the server's CA certificate: " + e.getMessage(), e);
    }
  }

  private static SSLContext context(TrustManager... managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, null);
    return context;
  }

  private static KeyStore store(List<Certificate> trusted)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < trusted.size(); i++) {
      store.setCertificateEntry("ca-" + i, trusted.get(i));
    }
    return store;
  }

  private static List<Certificate> certificates(byte[] pem)
      throws IOException, GeneralSecurityException {
    try (InputStream in = new ByteArrayInputStream(pem)) {
      return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
  }

  private static List<X509Certificate> publicAuthorities() throws GeneralSecurityException {
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        return List.of(x509.getAcceptedIssuers());
      }
    }
    return List.of();
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
