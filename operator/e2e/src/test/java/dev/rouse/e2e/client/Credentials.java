package dev.rouse.e2e.client;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import dev.rouse.api.Rouse;
import dev.rouse.devcluster.launch.Launcher;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.RouseCommand;
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

  /**
   * A token of the account {@code app}, which may read, write and approve in its namespace: what a
   * person at a terminal makes.
   */
  static Credentials in(Namespace namespace) {
    return of(
        namespace,
        namespace
            .cluster()
            .kubectl()
            .run("create", "token", "app", "--audience", Rouse.AUDIENCE, "-n", namespace.name()));
  }

  /** An API key that stands for the same account: what a program elsewhere is given. */
  static Credentials withKeyIn(Namespace namespace) {
    Cluster cluster = namespace.cluster();
    RouseCommand rouse = RouseCommand.of(cluster);
    return of(
        namespace,
        rouse.run(Map.of(), "key", "create", "--as-sa", namespace.name() + "/app").out());
  }

  private static Credentials of(Namespace namespace, String key) {
    Launcher launcher = namespace.cluster().launcher();
    return new Credentials(launcher.serverUrl(), launcher.caFile(), key.strip());
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
