package dev.rouse.devcluster.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private static Path directory;
  private static Pki pki;

  @BeforeAll
  static void create(@TempDir Path parent) throws Exception {
    directory = parent.resolve("pki");
    Machines machines = new Machines("172.30.0.1", Map.of("one", "172.30.0.2"));
    pki = Pki.create(directory, "10.96.0.1", machines, InstantSource.fixed(NOW));
  }

  @Test
  void usersAndGroupsAreThoseKubernetesKnows() throws Exception {
    assertThat(subject(pki.admin())).isEqualTo("CN=admin,O=system:masters");
    assertThat(subject(pki.node())).isEqualTo("CN=system:node:rouse-dev,O=system:nodes");
    assertThat(subject(pki.controllerManager())).isEqualTo("CN=system:kube-controller-manager");
    assertThat(subject(pki.scheduler())).isEqualTo("CN=system:kube-scheduler");
    assertThat(subject(pki.kubeProxy())).isEqualTo("CN=system:kube-proxy");
    assertThat(subject(pki.nodes().get("one"))).isEqualTo("CN=system:node:one,O=system:nodes");
  }

  @Test
  void serversAreKnownByTheNamesTheyAreReachedBy() throws Exception {
    assertThat(hosts(pki.apiserver()))
        .contains("127.0.0.1", "10.96.0.1", "localhost", "kubernetes.default.svc");
    assertThat(hosts(pki.rouseServer()))
        .containsExactlyInAnyOrder("127.0.0.1", "localhost", "rouse-server.rouse-system.svc");
    assertThat(hosts(pki.node())).contains("127.0.0.1");
    assertThat(hosts(pki.apiserver())).contains("172.30.0.1");
    assertThat(hosts(pki.nodes().get("one"))).contains("one", "172.30.0.2");
  }

  @Test
  void aClientCannotServe() throws Exception {
    assertThat(read(pki.admin().certificate()).getExtendedKeyUsage()).doesNotContain(SERVER_AUTH);
    assertThat(read(pki.node().certificate()).getExtendedKeyUsage()).contains(SERVER_AUTH);
    assertThat(read(pki.admin().certificate()).getBasicConstraints()).as("no CA").isEqualTo(-1);
  }

  @Test
  void theStoreTrustsAnAuthorityOfItsOwn() throws Exception {
    X509Certificate client = read(pki.etcdClient().certificate());

    client.verify(read(pki.etcdCa()).getPublicKey());
    assertThatThrownBy(() -> client.verify(read(pki.ca()).getPublicKey()))
        .isInstanceOf(SignatureException.class);
  }

  @Test
  void everythingIsValidNowAndForALimitedTime() throws Exception {
    X509Certificate certificate = read(pki.apiserver().certificate());

    certificate.verify(read(pki.ca()).getPublicKey());
    assertThat(certificate.getNotBefore().toInstant()).isBefore(NOW);
    assertThat(certificate.getNotAfter().toInstant()).isBetween(NOW, NOW.plusSeconds(91 * 86_400));
  }

  @Test
  void keysAreForThisUserAloneAndTheAuthoritysIsNotWritten() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> keys = files.filter(file -> file.toString().endsWith(".key")).toList();
      assertThat(keys)
          .hasSize(12)
          .allSatisfy(key ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                  .isEqualTo("rw-------"))
          .noneMatch(key -> key.getFileName().toString().contains("ca."));
    }
  }

  private static String subject(KeyFiles files) throws Exception {
    return read(files.certificate()).getSubjectX500Principal().getName();
  }

  private static List<Object> hosts(KeyFiles files) throws Exception {
    return read(files.certificate()).getSubjectAlternativeNames().stream()
        .<Object>map(name -> name.get(1))
        .toList();
  }

  private static X509Certificate read(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
