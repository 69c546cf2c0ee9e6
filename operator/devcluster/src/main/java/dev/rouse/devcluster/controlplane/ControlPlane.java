package dev.rouse.devcluster.controlplane;

import dev.rouse.devcluster.pki.KeyFiles;
import dev.rouse.devcluster.pki.Kubeconfig;
import dev.rouse.devcluster.pki.Pki;
import dev.rouse.devcluster.process.Child;
import dev.rouse.devcluster.process.ChildFailedException;
import dev.rouse.devcluster.process.ProcessSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A running Kubernetes control plane: the real etcd, API server, controller manager and scheduler,
 * with RBAC and Node authorization, admission, garbage collection and scheduling. It is on
 * loopback, unless it has {@linkplain ControlPlaneConfig#machines machines}.
 *
 * <p>What it has not: on loopback, endpoint controllers (EndpointSlices refuse such addresses, so
 * Services lead nowhere); anything of a cloud; and nodes: those register themselves.
 */
public final class ControlPlane implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  /** A request may take so long: all of the cluster shares one machine, and much starts at once. */
  private static final int PATIENCE_MILLIS = 30_000;

  /** How often other ports are tried when somebody took one between its choice and its use. */
  private static final int ATTEMPTS = 3;

  private final ControlPlaneConfig config;
  private final Pki pki;
  private final Flags flags;
  private final Map<Program, Child> children = new EnumMap<>(Program.class);
  private final Path adminKubeconfig;
  private final KubernetesClient client;
  private final Tokens tokens;

  private ControlPlane(ControlPlaneConfig config, Pki pki, Ports ports) throws IOException {
    this.config = config;
    this.pki = pki;
    this.flags = new Flags(config, pki, ports);
    Path kubeconfigs = Files.createDirectories(config.run().directory().resolve("kubeconfigs"));
    as(pki.controllerManager()).write(flags.kubeconfig(Program.CONTROLLER_MANAGER));
    as(pki.scheduler()).write(flags.kubeconfig(Program.SCHEDULER));
    this.adminKubeconfig = as(pki.admin()).write(config.run().directory().resolve("kubeconfig"));
    as(pki.node()).write(nodeKubeconfig());
    Files.writeString(flags.auditPolicy(), AUDIT_POLICY);
    Config admin = Config.fromKubeconfig(adminKubeconfig.toFile());
    admin.setRequestTimeout(PATIENCE_MILLIS);
    this.client = new KubernetesClientBuilder().withConfig(admin).build();
    this.tokens =
        new Tokens(
            client,
            kubeconfigs,
            token -> new Kubeconfig(url(), pki.ca(), new Kubeconfig.Credential.Token(token)),
            config.clock());
  }

  private static final String AUDIT_POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
        - level: Metadata
      """;

  /**
   * Starts a control plane and waits until it can be worked with: every API answers, the given
   * kinds exist, and namespaces get their default ServiceAccount.
   *
   * @throws ChildFailedException if one of its programs does not start; nothing is left behind then
   */
  public static ControlPlane start(ControlPlaneConfig config)
      throws IOException, InterruptedException {
    Pki pki =
        Pki.create(
            config.run().directory().resolve("pki"),
            Flags.SERVICE_ADDRESS,
            config.machines(),
            config.clock());
    for (int attempt = 1; ; attempt++) {
      ControlPlane started = new ControlPlane(config, pki, Ports.choose());
      try {
        started.startAll();
        return started;
      } catch (ChildFailedException e) {
        started.close();
        if (attempt == ATTEMPTS || !e.mentions("address already in use")) {
          throw e;
        }
        config.progress().step("a port was taken meanwhile: trying others");
      } catch (IOException | InterruptedException | RuntimeException e) {
        started.close();
        throw e;
      }
    }
  }

  /** A client with all rights. */
  public KubernetesClient client() {
    return client;
  }

  /** A kubeconfig file with all rights. */
  public Path adminKubeconfig() {
    return adminKubeconfig;
  }

  /** The kubeconfig file of the dev node, in the group system:nodes. */
  public Path nodeKubeconfig() {
    return config.run().directory().resolve("kubeconfigs").resolve("node.yaml");
  }

  public Path caFile() {
    return pki.ca();
  }

  /** All certificates of this run. */
  public Pki pki() {
    return pki;
  }

  /** Where the Kubernetes API is, such as {@code https://127.0.0.1:<port>}. */
  public String url() {
    return "https://" + config.machines().apiServer() + ":" + flags.ports().apiserver();
  }

  /** A kubeconfig file of the user whom a certificate names. */
  public Path kubeconfigOf(String fileName, KeyFiles user) throws IOException {
    return as(user).write(config.run().directory().resolve("kubeconfigs").resolve(fileName));
  }

  /** The process of one program. */
  public synchronized Child child(Program program) {
    Child child = children.get(program);
    if (child == null) {
      throw new IllegalStateException(program.label() + " has not been started");
    }
    return child;
  }

  /** Ends one program as a crash would. It stays down until {@link #restart}. */
  public void kill(Program program) throws InterruptedException {
    child(program).kill();
  }

  /** Ends one program, if it runs, and starts it at the same port; waits until it is ready. */
  public void restart(Program program) throws IOException, InterruptedException {
    child(program).stop();
    launch(program);
    awaitReady(program);
  }

  /**
   * A token of a ServiceAccount, by TokenRequest.
   *
   * @param audience whom it is for; empty for the API server itself
   * @param life at least ten minutes
   */
  public String tokenFor(String namespace, String serviceAccount, String audience, Duration life) {
    return tokens.request(new Tokens.Account(namespace, serviceAccount), audience, life);
  }

  /**
   * A kubeconfig file with the rights of a ServiceAccount that exists. The token in it is replaced
   * while this control plane runs.
   */
  public Path kubeconfigFor(String namespace, String serviceAccount) throws IOException {
    return tokens.file(new Tokens.Account(namespace, serviceAccount));
  }

  Tokens tokens() {
    return tokens;
  }

  /** Ends every program. What etcd has acknowledged is in its directory. */
  @Override
  public void close() {
    tokens.close();
    client.close();
    // Clients first: a server that loses its clients has nothing left to wait for.
    for (Program program : List.of(Program.values()).reversed()) {
      Child child;
      synchronized (this) {
        child = children.get(program);
      }
      if (child != null) {
        child.close();
      }
    }
  }

  private void startAll() throws IOException, InterruptedException {
    launch(Program.ETCD);
    awaitReady(Program.ETCD);
    launch(Program.APISERVER);
    awaitReady(Program.APISERVER);
    config.progress().step("Kubernetes API ready at " + url());
    launch(Program.SCHEDULER);
    new Manifests(client).apply(config.crds());
    launch(Program.CONTROLLER_MANAGER);
    awaitReady(Program.CONTROLLER_MANAGER);
    config.progress().step("controllers and scheduler at work");
  }

  private synchronized void launch(Program program) {
    children.put(
        program, Child.start(new ProcessSpec(program.label(), flags.of(program), config.run())));
  }

  private void awaitReady(Program program) throws IOException, InterruptedException {
    Child child = child(program);
    switch (program) {
      case ETCD -> child.awaitReady(() -> Ports.answers(flags.ports().etcd()), START);
      case APISERVER ->
          child.awaitReady(new HttpCheck(URI.create(url() + "/readyz"), pki.ca()), START);
      case CONTROLLER_MANAGER -> child.awaitReady(this::defaultAccountExists, START);
      // It has no port to ask. Its client retries by itself, and pods wait for it.
      case SCHEDULER -> {}
    }
  }

  private boolean defaultAccountExists() {
    return client.serviceAccounts().inNamespace("default").withName("default").get() != null;
  }

  private Kubeconfig as(KeyFiles files) {
    return new Kubeconfig(url(), pki.ca(), new Kubeconfig.Credential.Certificate(files));
  }
}
