package dev.rouse.e2e.bed;

import dev.rouse.devcluster.controlplane.ControlPlane;
import dev.rouse.devcluster.controlplane.ControlPlaneConfig;
import dev.rouse.devcluster.controlplane.Manifests;
import dev.rouse.devcluster.launch.RunDirectory;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.e2e.cluster.Kubectl;
import dev.rouse.e2e.enforcer.PolicyEnforcer;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A running cluster of two real nodes, with DNS, storage and policies, in which nothing is
 * installed yet, and beside it a scripted model that its pods can reach.
 */
public final class Bed implements AutoCloseable {

  static final Path ROOT =
      Path.of(System.getProperty("rouse.root", "../..")).toAbsolutePath().normalize();
  private static final Duration READY = Duration.ofSeconds(90);

  private final RunDirectory directory;
  private final Programs programs;
  private final ControlPlane controlPlane;
  private final Progress progress;
  private final Map<String, NodeHost> nodes = new LinkedHashMap<>();
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final PolicyEnforcer enforcer;
  private final BedModel model;

  private Bed(
      RunDirectory directory, Programs programs, ControlPlane controlPlane, Progress progress)
      throws IOException {
    this.directory = directory;
    this.programs = programs;
    this.controlPlane = controlPlane;
    this.progress = progress;
    // Before any pod: none is ever without its rules.
    this.enforcer =
        PolicyEnforcer.start(
            controlPlane.client(), Machine.ALL.stream().map(Machine::enforced).toList());
    parts.add(enforcer);
    this.model = BedModel.start(directory.run().directory().resolve("model"));
    parts.add(model);
    parts.add(Outside.listen());
  }

  /**
   * Starts one, and removes before what a killed one has left.
   *
   * @throws IOException if the machine lacks something; {@code hack/check.sh e2e} says more
   */
  public static Bed start() throws IOException, InterruptedException {
    Programs programs = Programs.named();
    Progress progress = Progress.timed(System.out, InstantSource.system());
    RunDirectory directory =
        RunDirectory.open(directory(), progress, run -> new Remains(run).clear());
    ControlPlane controlPlane = null;
    Bed bed = null;
    try {
      Network.connect();
      controlPlane =
          ControlPlane.start(
              ControlPlaneConfig.of(directory.run(), programs.controlPlane())
                  .withMachines(Machine.machines())
                  .withAudit()
                  .withProgress(progress));
      bed = new Bed(directory, programs, controlPlane, progress);
      bed.startAll();
      return bed;
    } catch (IOException | InterruptedException | RuntimeException e) {
      directory.keep();
      try (directory;
          ControlPlane plane = controlPlane;
          Bed begun = bed) {
        throw e;
      }
    }
  }

  /** Where every bed of this machine keeps everything: short, as the paths of sockets must be. */
  static Path directory() {
    return Path.of(System.getProperty("rouse.bed.directory", "/var/lib/rouse-e2e"));
  }

  private void startAll() throws IOException, InterruptedException {
    List<ImageArchive> images = BedImages.all(programs, ROOT, directory.run().directory());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<Machine, Future<NodeHost>> starting = new LinkedHashMap<>();
      for (Machine machine : Machine.ALL) {
        starting.put(
            machine,
            threads.submit(
                () -> NodeHost.start(machine, directory.run(), programs, controlPlane, images)));
      }
      for (Map.Entry<Machine, Future<NodeHost>> node : starting.entrySet()) {
        nodes.put(node.getKey().name(), node.getValue().get());
      }
    } catch (ExecutionException e) {
      throw new IOException("a node does not start", e.getCause());
    }
    progress.step("both nodes have their images");
    for (NodeHost node : nodes.values()) {
      // One after the other: each removes and makes the one socket for devices that a machine has.
      node.startKubelet();
      node.awaitKubelet(() -> isReady(node), READY);
    }
    progress.step("both nodes ready");
    apply("/bed/storage-classes.yaml");
    parts.add(VolumePool.start(client(), nodes));
    apply("/bed/dns.yaml");
    client()
        .apps()
        .deployments()
        .inNamespace("kube-system")
        .withName("coredns")
        .waitUntilCondition(Bed::isAvailable, READY.toSeconds(), TimeUnit.SECONDS);
    progress.step("DNS ready");
  }

  private boolean isReady(NodeHost node) {
    Node object = client().nodes().withName(node.machine().name()).get();
    return object != null
        && object.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }

  private static boolean isAvailable(Deployment deployment) {
    return deployment != null
        && deployment.getStatus() != null
        && Integer.valueOf(1).equals(deployment.getStatus().getAvailableReplicas());
  }

  private void apply(String resource) throws IOException {
    try (InputStream in = Objects.requireNonNull(Bed.class.getResourceAsStream(resource))) {
      new Manifests(client()).apply(in, resource);
    }
  }

  /** Creates or changes what a YAML text describes. */
  public void applyYaml(String yaml) throws IOException {
    try (InputStream in = new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))) {
      new Manifests(client()).apply(in, "a test");
    }
  }

  /** Has all rights. */
  public KubernetesClient client() {
    return controlPlane.client();
  }

  public ControlPlane controlPlane() {
    return controlPlane;
  }

  public Kubectl kubectl() {
    return new Kubectl(programs.controlPlane().kubectl(), controlPlane.adminKubeconfig());
  }

  /** The checkout. */
  public Path root() {
    return ROOT;
  }

  /** Whether the machine has what a RuntimeClass of gVisor's needs. */
  public boolean hasGvisor() {
    return NodeSoftware.ofThisMachine().hasGvisor();
  }

  Path helm() {
    return programs.helm();
  }

  /** By name, such as {@code node-1}. */
  public NodeHost node(String name) {
    return Objects.requireNonNull(nodes.get(name), name);
  }

  public List<NodeHost> nodes() {
    return List.copyOf(nodes.values());
  }

  public PolicyEnforcer enforcer() {
    return enforcer;
  }

  public BedModel model() {
    return model;
  }

  /** Where the programs' logs are while the bed is up. */
  public Path logs() {
    return directory.run().logs();
  }

  /** One line a request to the Kubernetes API. */
  public Path auditLog() {
    return logs().resolve("audit.log");
  }

  /** What a person types to look around. */
  public List<String> instructions() {
    return List.of(
        "nsenter --net=%s bash".formatted(Machine.ALL.getFirst().namespaceFile()),
        "export KUBECONFIG=" + controlPlane.adminKubeconfig(),
        "export PATH=%s:%s:$PATH"
            .formatted(programs.controlPlane().kubectl().getParent(), programs.helm().getParent()),
        "kubectl get pods --all-namespaces --output wide",
        "ctr --address %s --namespace k8s.io tasks list"
            .formatted(nodes.values().iterator().next().ctr().socket()));
  }

  /** Ends all of it. What it was told to run goes first, as people would remove it. */
  @Override
  public void close() throws IOException, InterruptedException {
    boolean interrupted = Thread.interrupted();
    try (directory;
        controlPlane) {
      new BedLogs(logs(), nodes()).save();
      new Workloads(client()).remove();
      for (AutoCloseable part : parts.reversed()) {
        closeQuietly(part);
      }
      nodes.values().forEach(NodeHost::close);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      progress.step("while the bed was ended: " + e);
    }
  }
}
