package dev.rouse.devcluster.node;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real etcd and kube-apiserver with the Node authorizer, NodeRestriction and a client certificate
 * for kubelets; no controllers and no scheduler.
 */
public final class TestControlPlane implements AutoCloseable {

  private static final Path TOOLS =
      Path.of(
          System.getenv()
              .getOrDefault(
                  "ROUSE_TOOLS_DIR", System.getProperty("user.home") + "/.cache/rouse/tools"));

  private final Path directory;
  private final TestPki pki;
  private final List<Process> processes = new ArrayList<>();
  private final int port;
  private final KubernetesClient admin;

  public TestControlPlane(Path directory) throws Exception {
    this.directory = directory;
    pki =
        new TestPki(directory.resolve("pki"))
            .issue("apiserver", "CN=kube-apiserver")
            .issue("kubelet-client", "O=system:masters,CN=kube-apiserver-kubelet-client")
            .issue("admin", "O=system:masters,CN=admin")
            .issue("accounts", "CN=service-accounts")
            .issue("node", "O=system:nodes,CN=system:node:rouse-dev")
            .issue("stranger", "O=strangers,CN=stranger");
    int etcd = freePort();
    int peer = freePort();
    port = freePort();
    String etcdUrl = "http://127.0.0.1:" + etcd;
    String peerUrl = "http://127.0.0.1:" + peer;
    start(
        "etcd",
        TOOLS.resolve("etcd-v3.6.8/etcd").toString(),
        "--data-dir=" + directory.resolve("etcd"),
        "--listen-client-urls=" + etcdUrl,
        "--advertise-client-urls=" + etcdUrl,
        "--listen-peer-urls=" + peerUrl,
        "--initial-advertise-peer-urls=" + peerUrl,
        "--initial-cluster=default=" + peerUrl,
        "--unsafe-no-fsync=true");
    start(
        "apiserver",
        TOOLS.resolve("kubernetes-v1.35.4/kube-apiserver").toString(),
        "--etcd-servers=" + etcdUrl,
        "--secure-port=" + port,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + pki.certificate("accounts"),
        "--service-account-signing-key-file=" + pki.key("accounts"),
        "--client-ca-file=" + pki.ca(),
        "--tls-cert-file=" + pki.certificate("apiserver"),
        "--tls-private-key-file=" + pki.key("apiserver"),
        "--kubelet-client-certificate=" + pki.certificate("kubelet-client"),
        "--kubelet-client-key=" + pki.key("kubelet-client"),
        "--kubelet-certificate-authority=" + pki.ca(),
        "--kubelet-preferred-address-types=InternalIP");
    admin = client("admin");
    awaitReady();
  }

  TestPki pki() {
    return pki;
  }

  public KubernetesClient admin() {
    return admin;
  }

  String url() {
    return "https://127.0.0.1:" + port;
  }

  Path program(String name) {
    return TOOLS.resolve("kubernetes-v1.35.4").resolve(name);
  }

  /** A kubeconfig for one of the issued certificates. */
  public Path kubeconfig(String user) throws IOException {
    Path file = directory.resolve(user + ".kubeconfig");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "%s", certificate-authority: "%s"}}]
        users: [{name: user, user: {client-certificate: "%s", client-key: "%s"}}]
        contexts: [{name: test, context: {cluster: test, user: user}}]
        current-context: test
        """
            .formatted(url(), pki.ca(), pki.certificate(user), pki.key(user)));
    return file;
  }

  /** A namespace with the service account that a controller would make. */
  public String namespace(String name) {
    admin
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(name)
                .withName("default")
                .endMetadata()
                .build())
        .create();
    return name;
  }

  @Override
  public void close() throws Exception {
    admin.close();
    for (Process process : processes.reversed()) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private KubernetesClient client(String user) throws IOException {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig(user).toFile()))
        .build();
  }

  private void start(String name, String... command) throws IOException {
    processes.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start());
  }

  private void awaitReady() {
    await("API server ready")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(() ->
            "ok".equals(admin.raw("/readyz"))
                && admin.namespaces().withName("kube-node-lease").get() != null);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
