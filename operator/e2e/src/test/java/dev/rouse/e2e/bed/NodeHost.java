package dev.rouse.e2e.bed;

import dev.rouse.devcluster.controlplane.ControlPlane;
import dev.rouse.devcluster.process.Check;
import dev.rouse.devcluster.process.Child;
import dev.rouse.devcluster.process.ProcessSpec;
import dev.rouse.devcluster.process.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A node: containerd, kubelet and kube-proxy on one {@link Machine}. */
public final class NodeHost implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  private final Machine machine;
  private final Run run;
  private final Programs programs;
  private final ControlPlane controlPlane;
  private final NodeFiles files;
  private final Path kubeconfig;
  private final Map<String, Child> children = new HashMap<>();

  private NodeHost(Machine machine, Run run, Programs programs, ControlPlane controlPlane)
      throws IOException {
    this.machine = machine;
    this.run = run;
    this.programs = programs;
    this.controlPlane = controlPlane;
    this.files = new NodeFiles(machine, run.directory(), controlPlane.caFile());
    this.kubeconfig =
        controlPlane.kubeconfigOf(
            machine.name() + ".yaml",
            Objects.requireNonNull(controlPlane.pki().nodes().get(machine.name())));
  }

  /** Starts containerd, gives it images, and starts the rest, but for the kubelet. */
  static NodeHost start(
      Machine machine,
      Run run,
      Programs programs,
      ControlPlane controlPlane,
      List<ImageArchive> images)
      throws IOException, InterruptedException {
    NodeHost host = new NodeHost(machine, run, programs, controlPlane);
    try {
      host.startAll(images);
      return host;
    } catch (IOException | InterruptedException | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private void startAll(List<ImageArchive> images) throws IOException, InterruptedException {
    new Cgroups(machine.cgroup()).create();
    files.write(
        Objects.requireNonNull(controlPlane.pki().nodes().get(machine.name())),
        NodeSoftware.ofThisMachine());
    launch("containerd", List.of("containerd", "--config", files.containerdConfig().toString()));
    child("containerd").awaitReady(this::containerdAnswers, START);
    for (ImageArchive image : images) {
      ctr().load(image);
    }
    launch("kube-proxy", kubeProxy());
  }

  private boolean containerdAnswers() throws IOException, InterruptedException {
    return !ctr().tasks().isEmpty() || ctr().images().isEmpty();
  }

  public Machine machine() {
    return machine;
  }

  public Ctr ctr() {
    return new Ctr(files.socket());
  }

  /** Where the directories of its volumes are. */
  Path volumes() {
    return files.volumes();
  }

  /** What its containers said. */
  Path podLogs() {
    return files.directory().resolve("podlogs");
  }

  /** The files of a pod's volume of type emptyDir. */
  public Path emptyDir(String podUid, String volume) {
    return files
        .kubelet()
        .resolve(Path.of("pods", podUid, "volumes", "kubernetes.io~empty-dir", volume));
  }

  /** Ends the kubelet as a crash would; its containers go on. */
  public void killKubelet() throws InterruptedException {
    child("kubelet").kill();
  }

  /** Starts it, the first time or again. */
  public void startKubelet() {
    launch("kubelet", kubelet());
  }

  /** A command in the machine's network. */
  public Command command(String... words) {
    return Command.of(machine.inside(List.of(words)));
  }

  private List<String> kubelet() {
    return List.of(
        programs.kubelet().toString(),
        "--config=" + files.kubeletConfig(),
        "--kubeconfig=" + kubeconfig,
        "--hostname-override=" + machine.name(),
        "--node-ip=" + machine.address(),
        "--root-dir=" + files.kubelet(),
        "--cert-dir=" + files.kubelet().resolve("pki"));
  }

  private List<String> kubeProxy() throws IOException {
    Path proxyConfig =
        controlPlane.kubeconfigOf(machine.name() + "-proxy.yaml", controlPlane.pki().kubeProxy());
    return List.of(
        programs.kubeProxy().toString(),
        "--kubeconfig=" + proxyConfig,
        "--hostname-override=" + machine.name(),
        "--proxy-mode=nftables",
        "--cluster-cidr=" + Machine.POD_RANGES,
        "--bind-address=" + machine.address(),
        // A network namespace may not change what these are about: it would end.
        "--conntrack-max-per-core=0",
        "--conntrack-min=0");
  }

  private synchronized void launch(String program, List<String> command) {
    Child before = children.get(program);
    if (before != null) {
      before.close();
    }
    children.put(
        program,
        Child.start(new ProcessSpec(machine.name() + "-" + program, machine.inside(command), run)));
  }

  private synchronized Child child(String program) {
    return Objects.requireNonNull(children.get(program), program);
  }

  /** Waits until something holds, unless the kubelet ends before. */
  void awaitKubelet(Check check, Duration longest) throws InterruptedException {
    child("kubelet").awaitReady(check, longest);
  }

  /** Ends the programs, the kubelet first: it would replace what is ended. Containers go on. */
  @Override
  public synchronized void close() {
    for (String program : List.of("kube-proxy", "kubelet", "containerd")) {
      Child child = children.get(program);
      if (child != null) {
        child.close();
      }
    }
  }
}
