package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.http.TestCertificates;
import dev.rouse.server.http.TlsFiles;
import dev.rouse.server.release.Check;
import dev.rouse.server.release.Check.CheckFailed;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code helm test} of a whole server with a certificate that somebody else brought. */
class CheckIT {

  @TempDir private static Path directory;

  private static RealCluster cluster;
  private static KubernetesClient client;
  private static InMemoryLogStore store;
  private static Server server;
  private static TlsFiles files;

  @BeforeAll
  static void start() throws Exception {
    cluster = RealCluster.start();
    client = cluster.serverClient();
    store = new InMemoryLogStore();
    files = new TlsFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    TestCertificates.write(files, 1);
    ServerConfig config =
        ServerConfig.of(
            Map.of(
                "ROUSE_LISTEN", "127.0.0.1:0",
                "ROUSE_TLS_CERT", files.certificate().toString(),
                "ROUSE_TLS_KEY", files.key().toString(),
                "ROUSE_TLS_CA", files.certificate().toString()));
    server = Server.start(client, store, config, Clock.systemUTC());
    cluster.account(RealCluster.SYSTEM, "default");
    await("the server is ready").until(server::isReady);
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
    client.close();
    cluster.close();
  }

  private static String ca() {
    ConfigMap published =
        cluster
            .admin()
            .configMaps()
            .inNamespace(RealCluster.SYSTEM)
            .withName(Rouse.CA_CONFIG_MAP)
            .require();
    return published.getData().get(Rouse.CA_KEY);
  }

  private static Check check(String ca, String token) {
    return new Check(URI.create("https://127.0.0.1:" + server.port()), ca, token);
  }

  private static String token(String audience) {
    return cluster.token(RealCluster.SYSTEM, "default", audience);
  }

  @Test
  void theCaThatSomebodyBroughtIsPublished() throws Exception {
    assertThat(ca()).isEqualTo(Files.readString(files.certificate()));
  }

  @Test
  void anAccountThatMayDoNothingIsKnown() throws Exception {
    // Given
    Check check = check(ca(), token(Rouse.AUDIENCE));
    // When
    String found = check.run();
    // Then
    assertThat(found).contains("is ready").contains("knows who asks");
  }

  @Test
  void anotherCaIsNotTrusted() throws Exception {
    // Given
    TlsFiles other = new TlsFiles(directory.resolve("other.crt"), directory.resolve("other.key"));
    TestCertificates.write(other, 2);
    Check check = check(Files.readString(other.certificate()), token(Rouse.AUDIENCE));
    // Then
    assertThatThrownBy(check::run)
        .isInstanceOf(CheckFailed.class)
        .hasMessageContaining("/healthz cannot be asked")
        .hasMessageContaining("certif");
  }

  @Test
  void aTokenThatIsNotForTheServerIsNobody() {
    // Given
    Check check = check(ca(), token(null));
    // Then
    assertThatThrownBy(check::run)
        .isInstanceOf(CheckFailed.class)
        .hasMessageContaining("does not know who asks")
        .hasMessageContaining("401");
  }
}
