package dev.rouse.server.release;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@code helm test}: whether the server can be reached by its name and proves who it is, is ready,
 * and knows who is asking.
 *
 * @param server base URL of the server
 * @param ca the PEM that it is trusted by
 * @param token of audience {@code rouse}, of an account that need not be allowed anything
 */
public record Check(URI server, String ca, String token) {

  private static final int TIMEOUT_MILLIS = 10_000;

  /** What an answer says. @param status of HTTP */
  private record Answer(int status, String body) {}

  /** Something that is not as it should be; the message says what. */
  public static final class CheckFailed extends Exception {
    private static final long serialVersionUID = 1L;

    CheckFailed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * With {@code ROUSE_SERVER_URL}, {@code ROUSE_CA_FILE} and {@code ROUSE_TOKEN_FILE}.
   *
   * @throws IOException when a file cannot be read
   */
  public static Check of(Map<String, String> environment) throws IOException {
    return new Check(
        URI.create(need(environment, "ROUSE_SERVER_URL")),
        Files.readString(Path.of(need(environment, "ROUSE_CA_FILE"))),
        Files.readString(Path.of(need(environment, "ROUSE_TOKEN_FILE"))).strip());
  }

  private static String need(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(it -> !it.isBlank())
        .orElseThrow(() -> new IllegalArgumentException(name + " must be set"));
  }

  /** Looks once. @return what was found, where all is as it should be */
  public String run() throws CheckFailed {
    SSLSocketFactory trust = trust();
    expect(trust, "/healthz", "it lives");
    expect(trust, "/readyz", "it has read all sessions");
    Answer answer = get(trust, "/v1/agents?limit=1");
    // Refused by name is right, too: the account may do nothing, and the server found out.
    boolean known =
        answer.status() == HttpURLConnection.HTTP_OK
            || answer.status() == HttpURLConnection.HTTP_FORBIDDEN;
    if (!known) {
      throw new CheckFailed(
          "%s does not know who asks: /v1/agents answers %d %s: see whether Role rouse-server-reviews is bound"
              .formatted(server, answer.status(), answer.body()),
          null);
    }
    return server + " proves who it is, is ready, and knows who asks";
  }

  private void expect(SSLSocketFactory trust, String path, String meaning) throws CheckFailed {
    Answer answer = get(trust, path);
    if (answer.status() != HttpURLConnection.HTTP_OK) {
      throw new CheckFailed(
          "%s%s answers %d %s, and 200 would mean that %s"
              .formatted(server, path, answer.status(), answer.body().strip(), meaning),
          null);
    }
  }

  private Answer get(SSLSocketFactory trust, String path) throws CheckFailed {
    URI uri = server.resolve(path);
    try {
      HttpsURLConnection connection = (HttpsURLConnection) uri.toURL().openConnection();
      connection.setSSLSocketFactory(trust);
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setRequestProperty("authorization", "Bearer " + token);
      int status = connection.getResponseCode();
      InputStream body =
          status < HttpURLConnection.HTTP_BAD_REQUEST
              ? connection.getInputStream()
              : connection.getErrorStream();
      try (body) {
        return new Answer(
            status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new CheckFailed("%s cannot be asked: %s".formatted(uri, e), e);
    }
  }

  private SSLSocketFactory trust() throws CheckFailed {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate each :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(ca.getBytes(StandardCharsets.US_ASCII)))) {
        store.setCertificateEntry("ca-" + store.size(), each);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException e) {
      throw new CheckFailed("ROUSE_CA_FILE holds no certificate: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "Check[" + server + "]";
  }
}
