package dev.rouse.devcluster.controlplane;

import dev.rouse.devcluster.pki.Pki;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The command lines of the control plane's programs. */
record Flags(ControlPlaneConfig config, Pki pki, Ports ports) {

  static final String SERVICE_RANGE = "10.96.0.0/16";
  static final String SERVICE_ADDRESS = "10.96.0.1";
  static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  /** Controllers that cannot work on loopback: EndpointSlices refuse such addresses. */
  private static final List<String> OFF_ON_LOOPBACK =
      List.of(
          "endpoints-controller", "endpointslice-controller", "endpointslice-mirroring-controller");

  /** Controllers without work here. */
  private static final List<String> OFF =
      List.of(
          "cloud-node-lifecycle-controller",
          "horizontal-pod-autoscaler-controller",
          "node-ipam-controller",
          "node-route-controller",
          "persistentvolume-attach-detach-controller",
          "persistentvolume-expander-controller",
          "service-lb-controller",
          "ttl-controller");

  /** Where the kubeconfig of a program is. */
  Path kubeconfig(Program program) {
    return config.run().directory().resolve("kubeconfigs").resolve(program.label() + ".yaml");
  }

  Path auditPolicy() {
    return config.run().directory().resolve("audit-policy.yaml");
  }

  List<String> of(Program program) {
    return switch (program) {
      case ETCD -> etcd();
      case APISERVER -> apiserver();
      case CONTROLLER_MANAGER -> controllerManager();
      case SCHEDULER -> scheduler();
    };
  }

  private List<String> etcd() {
    String client = "https://127.0.0.1:" + ports.etcd();
    String peer = "https://127.0.0.1:" + ports.etcdPeer();
    return List.of(
        config.tools().etcd().toString(),
        "--name=rouse-dev",
        "--data-dir=" + config.run().directory().resolve("etcd"),
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=rouse-dev=" + peer,
        "--cert-file=" + pki.etcd().certificate(),
        "--key-file=" + pki.etcd().key(),
        "--trusted-ca-file=" + pki.etcdCa(),
        "--client-cert-auth=true",
        "--peer-cert-file=" + pki.etcd().certificate(),
        "--peer-key-file=" + pki.etcd().key(),
        "--peer-trusted-ca-file=" + pki.etcdCa(),
        "--peer-client-cert-auth=true",
        // A single member elects itself at the first timeout: the default would cost a second.
        "--heartbeat-interval=50",
        "--election-timeout=250",
        "--log-level=warn");
  }

  private List<String> apiserver() {
    List<String> flags =
        new ArrayList<>(
            List.of(
                config.tools().kubeApiserver().toString(),
                "--etcd-servers=https://127.0.0.1:" + ports.etcd(),
                "--etcd-cafile=" + pki.etcdCa(),
                "--etcd-certfile=" + pki.etcdClient().certificate(),
                "--etcd-keyfile=" + pki.etcdClient().key(),
                "--bind-address=" + (onLoopback() ? "127.0.0.1" : "0.0.0.0"),
                "--advertise-address=" + config.machines().apiServer(),
                "--secure-port=" + ports.apiserver(),
                "--tls-cert-file=" + pki.apiserver().certificate(),
                "--tls-private-key-file=" + pki.apiserver().key(),
                "--client-ca-file=" + pki.ca(),
                "--kubelet-client-certificate=" + pki.apiserverKubeletClient().certificate(),
                "--kubelet-client-key=" + pki.apiserverKubeletClient().key(),
                "--kubelet-certificate-authority=" + pki.ca(),
                "--kubelet-preferred-address-types=InternalIP",
                "--service-account-issuer=" + ISSUER,
                "--service-account-key-file=" + pki.serviceAccounts().certificate(),
                "--service-account-signing-key-file=" + pki.serviceAccounts().key(),
                "--service-cluster-ip-range=" + SERVICE_RANGE,
                "--endpoint-reconciler-type=" + (onLoopback() ? "none" : "lease"),
                "--authorization-mode=Node,RBAC",
                "--enable-admission-plugins=NodeRestriction",
                "--allow-privileged=true",
                "--default-not-ready-toleration-seconds=" + config.eviction().toSeconds(),
                "--default-unreachable-toleration-seconds=" + config.eviction().toSeconds(),
                "--profiling=false"));
    if (config.audit()) {
      flags.add("--audit-policy-file=" + auditPolicy());
      flags.add("--audit-log-path=" + config.auditLog());
      flags.add("--audit-log-mode=blocking");
    }
    return List.copyOf(flags);
  }

  private List<String> controllerManager() {
    List<String> off = new ArrayList<>(OFF);
    if (onLoopback()) {
      off.addAll(OFF_ON_LOOPBACK);
    }
    String controllers =
        String.join(",", Stream.concat(Stream.of("*"), off.stream().map(c -> "-" + c)).toList());
    return List.of(
        config.tools().kubeControllerManager().toString(),
        "--kubeconfig=" + kubeconfig(Program.CONTROLLER_MANAGER),
        "--controllers=" + controllers,
        "--use-service-account-credentials=true",
        "--service-account-private-key-file=" + pki.serviceAccounts().key(),
        "--root-ca-file=" + pki.ca(),
        "--leader-elect=false",
        // Nobody asks it anything: no port, no certificate, less memory.
        "--secure-port=0",
        "--node-monitor-period=" + duration(config.nodeMonitorGrace().dividedBy(8)),
        "--node-monitor-grace-period=" + duration(config.nodeMonitorGrace()),
        "--pvclaimbinder-sync-period=2s",
        "--kube-api-qps=100",
        "--kube-api-burst=200",
        "--profiling=false");
  }

  private List<String> scheduler() {
    return List.of(
        config.tools().kubeScheduler().toString(),
        "--kubeconfig=" + kubeconfig(Program.SCHEDULER),
        "--leader-elect=false",
        "--secure-port=0",
        "--kube-api-qps=100",
        "--kube-api-burst=200",
        "--profiling=false");
  }

  private boolean onLoopback() {
    return config.machines().isEmpty();
  }

  private static String duration(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
