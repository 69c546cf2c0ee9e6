package dev.rouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.session.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The edge serves the certificate that lies in its files. */
class ServedCertificateTest {

  private HttpEdge edge;

  @AfterEach
  void stop() {
    if (edge != null) {
      edge.close();
    }
  }

  @Test
  void aRenewedCertificateIsServedWithoutARestart(@TempDir Path directory) throws Exception {
    // Given
    TlsFiles files = new TlsFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    TestCertificates.write(files, 1);
    edge =
        HttpEdge.start(
            new HttpEdge.Listen("127.0.0.1", 0, files),
            call -> call.answerText(200, "ok"),
            Call::answerText,
            Ids.random(),
            Duration.ofSeconds(1),
            Duration.ofMillis(100));
    assertThat(serial()).isEqualTo(1);
    // When the files are replaced one after the other, and meanwhile do not belong together
    byte[] key = Files.readAllBytes(files.key());
    TestCertificates.write(files, 2);
    byte[] newKey = Files.readAllBytes(files.key());
    Files.write(files.key(), key);
    await("a look at them")
        .pollDelay(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(serial()).isEqualTo(1));
    Files.write(files.key(), newKey);
    // Then
    await("the new certificate")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(serial()).isEqualTo(2));
  }

  private long serial() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", edge.port())) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSerialNumber()
          .longValue();
    }
  }

  /** The test looks at the certificate itself. */
  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void saysWhyItCannotListen(@TempDir Path directory) {
    // Given
    TlsFiles missing = new TlsFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    // When
    // Then
    assertThatThrownBy(() ->
            HttpEdge.start(
                new HttpEdge.Listen("127.0.0.1", 0, missing),
                call -> {},
                Call::answerText,
                Ids.random()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tls.crt");
  }
}
