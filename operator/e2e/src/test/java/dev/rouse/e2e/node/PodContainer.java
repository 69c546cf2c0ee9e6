package dev.rouse.e2e.node;

import dev.rouse.e2e.bed.Bed;
import dev.rouse.e2e.bed.Command;
import dev.rouse.e2e.bed.NodeHost;
import dev.rouse.e2e.bench.Memory;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one container of a pod, as its node has it.
 *
 * @param node on which it runs
 * @param pod the pod's name
 * @param podUid the pod's UID
 * @param id containerd's
 * @param pid of its first process, on this machine
 */
record PodContainer(NodeHost node, String pod, String podUid, String id, long pid) {

  private static final String RUNTIME = "containerd://";

  /** The container of a pod, if it runs now. */
  static Optional<PodContainer> of(Bed bed, Pod pod) throws IOException, InterruptedException {
    for (ContainerStatus status : pod.getStatus().getContainerStatuses()) {
      if (status.getContainerID() != null && status.getState().getRunning() != null) {
        NodeHost node = bed.node(pod.getSpec().getNodeName());
        String id = status.getContainerID().substring(RUNTIME.length());
        return Optional.ofNullable(node.ctr().tasks().get(id))
            .map(pid ->
                new PodContainer(
                    node, pod.getMetadata().getName(), pod.getMetadata().getUid(), id, pid));
      }
    }
    return Optional.empty();
  }

  /** {@code kill -9}; returns when it is dead. */
  void kill() throws InterruptedException {
    ProcessHandle process =
        ProcessHandle.of(pid).orElseThrow(() -> new AssertionError(pod + " has ended"));
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(20));
  }

  /** Makes its first process stand still, as one that hangs. */
  void stop() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on where it stood. */
  void go() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** The same, unless somebody has ended it where it stood. */
  void goIfThere() throws IOException, InterruptedException {
    Command.Result result = Command.of("kill", "-s", "CONT", Long.toString(pid)).tryRun();
    if (!result.isSuccess() && runs()) {
      throw new IOException(pod + " cannot be told to go on: " + result.output().strip());
    }
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Command.of("kill", "-s", signal, Long.toString(pid)).run();
  }

  /** Whether its first process is there. */
  boolean runs() {
    return ProcessHandle.of(pid).isPresent();
  }

  void awaitEnd(Duration longest) throws InterruptedException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return;
    }
    try {
      process.get().onExit().get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("%s does not end in %s".formatted(pod, longest), e);
    }
  }

  /**
   * Fills its memory from outside, until the kernel ends it: what a leak would do. The kernel ends
   * the container's own process, as kubelet has told it to, before the one that fills.
   */
  void exhaustMemory() throws IOException, InterruptedException {
    Path group = memoryGroup();
    Process hog =
        new ProcessBuilder(
                "sh", "-c", "echo $$ > %s/cgroup.procs && exec tail /dev/zero".formatted(group))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      awaitEnd(Duration.ofSeconds(60));
    } finally {
      hog.destroyForcibly();
    }
  }

  /** Where its memory is counted. */
  private Path memoryGroup() throws IOException {
    List<String> groups = Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup"));
    for (String group : groups) {
      String[] parts = group.split(":", 3);
      if (parts[1].equals("memory")) {
        return Path.of("/sys/fs/cgroup/memory", parts[2]);
      }
      if (parts[1].isEmpty() && groups.size() == 1) {
        return Path.of("/sys/fs/cgroup", parts[2]);
      }
    }
    throw new IOException("%s has no memory cgroup: %s".formatted(pod, groups));
  }

  /** Its pod's address. */
  String address(KubernetesClient client, String namespace) {
    return client.pods().inNamespace(namespace).withName(pod).require().getStatus().getPodIP();
  }

  double residentMiB() throws IOException {
    return Memory.residentMiB(pid);
  }

  /** Whether a TCP connection from inside of the pod is taken. */
  boolean reaches(String address, int port) throws IOException, InterruptedException {
    return Command.of(
            "nsenter",
            "--net=/proc/%d/ns/net".formatted(pid),
            "timeout",
            "3",
            "bash",
            "-c",
            "exec 3<>/dev/tcp/%s/%d".formatted(address, port))
        .tryRun()
        .isSuccess();
  }
}
