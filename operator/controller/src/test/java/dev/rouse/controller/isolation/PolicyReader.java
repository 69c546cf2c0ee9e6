package dev.rouse.controller.isolation;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;

/**
 * What network policies allow, by the rules of the Kubernetes API: a pod that no policy selects for
 * a direction is open in it, and otherwise open is what any rule opens.
 *
 * @param policies of all namespaces
 * @param rangesHoldPods whether a range of addresses also matches pods: network plugins differ
 */
record PolicyReader(List<NetworkPolicy> policies, boolean rangesHoldPods) {

  /**
   * An end of a connection.
   *
   * @param namespace of a pod; empty for what is none
   * @param labels of a pod
   * @param port that it listens on
   */
  record End(String namespace, Map<String, String> labels, String address, int port) {
    boolean isPod() {
      return !namespace.isEmpty();
    }
  }

  boolean allows(End from, End to) {
    List<NetworkPolicy> out = selecting(from, "Egress");
    List<NetworkPolicy> in = selecting(to, "Ingress");
    boolean leaves =
        out.stream()
            .flatMap(it -> it.getSpec().getEgress().stream().map(rule -> Map.entry(it, rule)))
            .anyMatch(it ->
                matches(it.getKey(), it.getValue().getTo(), it.getValue().getPorts(), to, to));
    boolean enters =
        in.stream()
            .flatMap(it -> it.getSpec().getIngress().stream().map(rule -> Map.entry(it, rule)))
            .anyMatch(it ->
                matches(it.getKey(), it.getValue().getFrom(), it.getValue().getPorts(), from, to));
    return (out.isEmpty() || leaves) && (in.isEmpty() || enters);
  }

  private List<NetworkPolicy> selecting(End end, String direction) {
    return policies.stream()
        .filter(it -> it.getMetadata().getNamespace().equals(end.namespace()))
        .filter(it -> it.getSpec().getPolicyTypes().contains(direction))
        .filter(it -> selects(it.getSpec().getPodSelector(), end.labels()))
        .toList();
  }

  private boolean matches(
      NetworkPolicy policy,
      List<NetworkPolicyPeer> peers,
      List<NetworkPolicyPort> ports,
      End peer,
      End listener) {
    boolean port =
        ports.isEmpty()
            || ports.stream().anyMatch(it -> it.getPort().equals(new IntOrString(listener.port())));
    return port && peers.stream().anyMatch(it -> matches(policy, it, peer));
  }

  private boolean matches(NetworkPolicy policy, NetworkPolicyPeer peer, End end) {
    if (peer.getIpBlock() != null) {
      return (rangesHoldPods || !end.isPod()) && isIn(peer.getIpBlock(), end.address());
    }
    boolean namespace =
        peer.getNamespaceSelector() == null
            ? policy.getMetadata().getNamespace().equals(end.namespace())
            : end.isPod()
                && selects(
                    peer.getNamespaceSelector(),
                    Map.of("kubernetes.io/metadata.name", end.namespace()));
    return namespace
        && (peer.getPodSelector() == null || selects(peer.getPodSelector(), end.labels()));
  }

  private static boolean isIn(IPBlock block, String address) {
    Cidr one = Cidr.ofAddress(address);
    return new Cidr(block.getCidr()).contains(one)
        && block.getExcept().stream().noneMatch(it -> new Cidr(it).contains(one));
  }

  private static boolean selects(LabelSelector selector, Map<String, String> labels) {
    Map<String, String> wanted = selector.getMatchLabels();
    return wanted == null || labels.entrySet().containsAll(wanted.entrySet());
  }
}
