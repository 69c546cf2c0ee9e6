package dev.rouse.devcluster.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * All certificates and keys of one run, as files.
 *
 * @param ca the certificate every client and server of the cluster trusts
 * @param apiserver serves the Kubernetes API
 * @param apiserverKubeletClient the API server at the node's port ({@code kubectl logs})
 * @param controllerManager client
 * @param scheduler client
 * @param admin client in the group system:masters
 * @param node client {@code system:node:rouse-dev}, and serves the node's port at 127.0.0.1
 * @param rouseServer serves the Rouse API at 127.0.0.1, localhost, rouse-server.rouse-system.svc
 * @param serviceAccounts signs service-account tokens; {@code certificate} is the public key
 * @param etcdCa what etcd and its one client trust: nobody else of this machine reads the store
 * @param etcd serves etcd
 * @param etcdClient the API server at etcd
 * @param kubeProxy client, on every machine of {@link Machines}
 * @param nodes by name of the machine: client {@code system:node:<name>}, and serves its kubelet
 */
public record Pki(
    Path ca,
    KeyFiles apiserver,
    KeyFiles apiserverKubeletClient,
    KeyFiles controllerManager,
    KeyFiles scheduler,
    KeyFiles admin,
    KeyFiles node,
    KeyFiles rouseServer,
    KeyFiles serviceAccounts,
    Path etcdCa,
    KeyFiles etcd,
    KeyFiles etcdClient,
    KeyFiles kubeProxy,
    Map<String, KeyFiles> nodes) {

  public Pki {
    nodes = Map.copyOf(nodes);
  }

  /** The name of the dev node, which its certificate carries. */
  public static final String NODE_NAME = "rouse-dev";

  /**
   * Makes everything anew.
   *
   * @param directory is created, readable by this user only
   * @param serviceAddress the address of the Service kubernetes
   * @param machines the nodes beside the dev node
   */
  public static Pki create(
      Path directory, String serviceAddress, Machines machines, InstantSource clock)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Issuer cluster = new Issuer(new CertificateAuthority("rouse-dev", clock), directory);
    Issuer store = new Issuer(new CertificateAuthority("rouse-dev-etcd", clock), directory);
    // Key generation is the cost: every core takes its part.
    try (ExecutorService keys =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      Future<KeyFiles> admin =
          keys.submit(cluster.task("admin", client("admin", KeyKind.RSA, "system:masters")));
      Future<KeyFiles> node =
          keys.submit(
              cluster.task(
                  "node",
                  client("system:node:" + NODE_NAME, KeyKind.RSA, "system:nodes").reachedBy()));
      Map<String, KeyFiles> nodes = new LinkedHashMap<>();
      for (Map.Entry<String, String> machine : machines.addresses().entrySet()) {
        nodes.put(machine.getKey(), cluster.node(machine.getKey(), machine.getValue()));
      }
      Future<KeyFiles> rouse =
          keys.submit(
              cluster.task(
                  "rouse-server",
                  CertificateRequest.server(
                      "rouse-server", KeyKind.RSA, "rouse-server.rouse-system.svc")));
      return new Pki(
          cluster.authority().write(directory.resolve("ca.crt")),
          cluster.issue(
              "apiserver",
              CertificateRequest.server(
                      "kube-apiserver",
                      KeyKind.EC,
                      "kubernetes",
                      "kubernetes.default",
                      "kubernetes.default.svc",
                      "kubernetes.default.svc.cluster.local")
                  .at(serviceAddress)
                  .at(machines.apiServer())),
          cluster.issue(
              "apiserver-kubelet-client",
              client("kube-apiserver-kubelet-client", KeyKind.EC, "system:masters")),
          cluster.issue(
              "kube-controller-manager", client("system:kube-controller-manager", KeyKind.EC)),
          cluster.issue("kube-scheduler", client("system:kube-scheduler", KeyKind.EC)),
          admin.get(),
          node.get(),
          rouse.get(),
          serviceAccountKeys(directory),
          store.authority().write(directory.resolve("etcd-ca.crt")),
          store.issue("etcd", CertificateRequest.server("etcd", KeyKind.EC)),
          store.issue("etcd-client", client("kube-apiserver", KeyKind.EC)),
          cluster.issue("kube-proxy", client("system:kube-proxy", KeyKind.EC)),
          nodes);
    } catch (ExecutionException e) {
      throw new IOException("cannot make the certificates in " + directory, e.getCause());
    }
  }

  private static CertificateRequest client(String user, KeyKind key, String... groups) {
    return CertificateRequest.client(user, key, groups);
  }

  private static KeyFiles serviceAccountKeys(Path directory) throws IOException {
    KeyPair pair = KeyKind.EC.generate();
    KeyFiles files =
        new KeyFiles(
            directory.resolve("service-accounts.pub"), directory.resolve("service-accounts.key"));
    Files.writeString(files.certificate(), Pem.encode("PUBLIC KEY", pair.getPublic().getEncoded()));
    Pem.writeSecret(files.key(), CertificateAuthority.pem(pair.getPrivate()));
    return files;
  }

  private record Issuer(CertificateAuthority authority, Path directory) {

    KeyFiles issue(String fileName, CertificateRequest request) throws IOException {
      return authority.issue(request, directory, fileName);
    }

    KeyFiles node(String name, String address) throws IOException {
      return issue(
          "node-" + name,
          client("system:node:" + name, KeyKind.EC, "system:nodes").reachedBy(name).at(address));
    }

    Callable<KeyFiles> task(String fileName, CertificateRequest request) {
      return () -> issue(fileName, request);
    }
  }
}
