package dev.rouse.e2e.client;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import dev.rouse.api.Rouse;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What a program needs to use the API.
 *
 * @param url where the API is
 * @param ca the certificate (PEM) of who vouches for it
 * @param key whom the program acts for
 */
record Credentials(URI url, Path ca, String key) {

  /** Longer than any exchange of these tests: a stream that never rests must not hang the build. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** Of the account {@code app}, which may read, write and approve in its namespace. */
  static Credentials in(Namespace namespace) {
    Cluster cluster = namespace.cluster();
    String token =
        cluster
            .kubectl()
            .run("create", "token", "app", "--audience", Rouse.AUDIENCE, "-n", namespace.name())
            .strip();
    return new Credentials(cluster.launcher().serverUrl(), cluster.launcher().caFile(), token);
  }

  /** As the pages of this repository have a person set them. */
  Map<String, String> environment() {
    return Map.of(
        "ROUSE_SERVER", url.toString(), "ROUSE_SERVER_CA", ca.toString(), "ROUSE_KEY", key);
  }

  /**
   * The SDK as it comes. It is told to check every answer against its types, and to trust the dev
   * cluster's authority.
   */
  AnthropicClient sdk() {
    try {
      X509TrustManager trust = trust();
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, new X509TrustManager[] {trust}, null);
      return AnthropicOkHttpClient.builder()
          .baseUrl(url.toString())
          .apiKey(key)
          .responseValidation(true)
          .timeout(LONGEST)
          .sslSocketFactory(tls.getSocketFactory())
          .trustManager(trust)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  private X509TrustManager trust() throws GeneralSecurityException {
    try (InputStream pem = Files.newInputStream(ca)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
