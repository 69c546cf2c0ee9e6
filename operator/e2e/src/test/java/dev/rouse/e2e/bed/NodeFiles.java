package dev.rouse.e2e.bed;

import dev.rouse.devcluster.pki.KeyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a node keeps what, and the configuration of its programs. What two nodes write is apart.
 *
 * @param bed the bed's directory
 * @param ca what the kubelet trusts its callers by
 */
record NodeFiles(Machine machine, Path bed, Path ca) {

  static final String PAUSE_IMAGE = "rouse.dev/e2e-pause:e2e";

  Path directory() {
    return bed.resolve(machine.name());
  }

  /** Short, because the paths of sockets may have a hundred characters. */
  Path socket() {
    return directory().resolve("ctd.sock");
  }

  Path kubelet() {
    return directory().resolve("kubelet");
  }

  /** Where the directories of its volumes are. */
  Path volumes() {
    return directory().resolve("volumes");
  }

  Path containerdConfig() {
    return directory().resolve("containerd.toml");
  }

  Path kubeletConfig() {
    return directory().resolve("kubelet.yaml");
  }

  private Path networks() {
    return directory().resolve("cni");
  }

  private Path resolvConf() {
    return directory().resolve("resolv.conf");
  }

  /** Writes everything; the programs can be started then. */
  void write(KeyFiles certificate, NodeSoftware software) throws IOException {
    Files.createDirectories(networks());
    Files.createDirectories(kubelet());
    Files.createDirectories(volumes());
    Files.writeString(networks().resolve("10-bridge.conflist"), network());
    // Pods with the node's own resolver, like the cluster's DNS, find nobody there.
    Files.writeString(resolvConf(), "options ndots:5\n");
    Files.writeString(containerdConfig(), containerd(software));
    Files.writeString(kubeletConfig(), kubelet(certificate));
  }

  String network() {
    return """
    {
      "cniVersion": "0.4.0",
      "name": "rouse-e2e",
      "plugins": [
        {
          "type": "bridge",
          "bridge": "cni0",
          "isGateway": true,
          "hairpinMode": true,
          "ipMasq": false,
          "ipam": {
            "type": "host-local",
            "dataDir": "%s",
            "ranges": [[{"subnet": "%s"}]],
            "routes": [{"dst": "0.0.0.0/0"}]
          }
        }
      ]
    }
    """
        .formatted(directory().resolve("leases"), machine.podRange());
  }

  String containerd(NodeSoftware software) {
    String text =
        """
        version = 2
        root = "%1$s/containerd"
        state = "%1$s/run"

        [grpc]
          address = "%2$s"

        [plugins."io.containerd.internal.v1.opt"]
          path = "%1$s/opt"

        [plugins."io.containerd.grpc.v1.cri"]
          # Where the kernel does not let this machine's root raise its own score.
          restrict_oom_score_adj = true
          sandbox_image = "%3$s"
          # Mounted where the bed removes mounts, not in /run/netns.
          netns_mounts_under_state_dir = true

          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "%4$s"
            conf_dir = "%5$s"

          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "overlayfs"
            default_runtime_name = "runc"

            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"
        """
            .formatted(directory(), socket(), PAUSE_IMAGE, software.networkPlugins(), networks());
    return software.hasGvisor()
        ? text
            + """

                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
                  runtime_type = "io.containerd.runsc.v1"
            """
        : text;
  }

  String kubelet(KeyFiles certificate) {
    return """
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    failCgroupV1: false
    cgroupDriver: cgroupfs
    cgroupRoot: /%s
    enforceNodeAllocatable: []
    containerRuntimeEndpoint: unix://%s
    address: %s
    tlsCertFile: %s
    tlsPrivateKeyFile: %s
    authentication:
      anonymous: {enabled: false}
      webhook: {enabled: true}
      x509: {clientCAFile: %s}
    authorization: {mode: Webhook}
    clusterDNS: [%s]
    clusterDomain: cluster.local
    resolvConf: %s
    failSwapOn: false
    maxPods: 60
    # As docs/isolation.md asks of nodes with sandboxes.
    podPidsLimit: 1024
    # The loss of a node is noticed after 8 s, and tests do not wait long for it.
    nodeStatusUpdateFrequency: 2s
    nodeLeaseDurationSeconds: 8
    # The disk is the whole machine's: its last percent is nobody's.
    evictionHard: {nodefs.available: 1%%, imagefs.available: 1%%}
    # What came by tar cannot be had again.
    imageGCHighThresholdPercent: 100
    podLogsDir: %s
    volumePluginDir: %s
    featureGates: {KubeletCrashLoopBackOffMax: true}
    crashLoopBackOff: {maxContainerRestartPeriod: 5s}
    """
        .formatted(
            machine.cgroup(),
            socket(),
            machine.address(),
            certificate.certificate(),
            certificate.key(),
            ca,
            Machine.DNS_ADDRESS,
            resolvConf(),
            directory().resolve("podlogs"),
            directory().resolve("plugins"));
  }
}
