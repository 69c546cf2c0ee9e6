package dev.rouse.e2e.enforcer;

import dev.rouse.e2e.enforcer.Opening.Block;
import dev.rouse.e2e.enforcer.Opening.Peers;
import dev.rouse.e2e.enforcer.Opening.Port;
import dev.rouse.e2e.enforcer.Opening.Ports;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the policies of a scene mean for one pod. */
record Policies(Scene scene) {

  /** A direction, as seen from the pod that a policy selects. */
  enum Direction {
    INGRESS("Ingress"),
    EGRESS("Egress");

    private final String type;

    Direction(String type) {
      this.type = type;
    }
  }

  /** What may pass; empty if no policy selects the pod in this direction: then everything may. */
  Optional<List<Opening>> openings(Scene.Endpoint pod, Direction direction) {
    List<NetworkPolicy> selecting =
        scene.policies().stream()
            .filter(policy -> policy.getMetadata().getNamespace().equals(pod.namespace()))
            .filter(policy -> speaksOf(policy, direction))
            .filter(policy -> Selectors.select(policy.getSpec().getPodSelector(), pod.labels()))
            .toList();
    return selecting.isEmpty()
        ? Optional.empty()
        : Optional.of(
            selecting.stream().flatMap(it -> openings(pod, it, direction).stream()).toList());
  }

  /** Without types a policy is about what comes in, and about what goes out if it names any. */
  private static boolean speaksOf(NetworkPolicy policy, Direction direction) {
    List<String> types = policy.getSpec().getPolicyTypes();
    if (!types.isEmpty()) {
      return types.contains(direction.type);
    }
    return direction == Direction.INGRESS || !policy.getSpec().getEgress().isEmpty();
  }

  private List<Opening> openings(Scene.Endpoint pod, NetworkPolicy policy, Direction direction) {
    Reader reader =
        new Reader(policy, direction == Direction.INGRESS ? Optional.of(pod) : Optional.empty());
    return switch (direction) {
      case INGRESS ->
          reader.read(
              policy.getSpec().getIngress(),
              NetworkPolicyIngressRule::getFrom,
              NetworkPolicyIngressRule::getPorts);
      case EGRESS ->
          reader.read(
              policy.getSpec().getEgress(),
              NetworkPolicyEgressRule::getTo,
              NetworkPolicyEgressRule::getPorts);
    };
  }

  private final class Reader {

    private final String namespace;
    private final String name;
    private final Optional<Scene.Endpoint> receiver;

    /**
     * @param receiver whose ports the policy may name; empty where each peer has its own
     */
    Reader(NetworkPolicy policy, Optional<Scene.Endpoint> receiver) {
      this.receiver = receiver;
      this.namespace = policy.getMetadata().getNamespace();
      this.name = namespace + "/" + policy.getMetadata().getName();
    }

    <R> List<Opening> read(
        List<R> rules,
        Function<R, List<NetworkPolicyPeer>> peers,
        Function<R, List<NetworkPolicyPort>> ports) {
      return rules.stream()
          .map(rule -> new Opening(peers(peers.apply(rule)), ports(ports.apply(rule))))
          .toList();
    }

    private Peers peers(List<NetworkPolicyPeer> peers) {
      if (peers.isEmpty()) {
        return new Peers.Anybody();
      }
      List<Block> blocks = new ArrayList<>();
      for (NetworkPolicyPeer peer : peers) {
        // Of IPv6 nothing passes on these nodes, which have no such addresses: it opens nothing.
        if (peer.getIpBlock() != null && !peer.getIpBlock().getCidr().contains(":")) {
          blocks.add(block(peer.getIpBlock()));
        }
      }
      return new Peers.Those(
          scene.pods().stream()
              .filter(pod -> peers.stream().anyMatch(peer -> isMeant(peer, pod)))
              .map(Scene.Endpoint::address)
              .toList(),
          blocks);
    }

    private boolean isMeant(NetworkPolicyPeer peer, Scene.Endpoint pod) {
      if (peer.getIpBlock() != null) {
        return false;
      }
      LabelSelector namespaces = peer.getNamespaceSelector();
      boolean place =
          namespaces == null
              ? pod.namespace().equals(namespace)
              : Selectors.select(namespaces, scene.labelsOf(pod.namespace()));
      LabelSelector pods = peer.getPodSelector();
      return place && (pods == null || Selectors.select(pods, pod.labels()));
    }

    private static Block block(IPBlock block) {
      return new Block(
          Address.range(block.getCidr()), block.getExcept().stream().map(Address::range).toList());
    }

    private Ports ports(List<NetworkPolicyPort> ports) {
      return ports.isEmpty()
          ? new Ports.All()
          : new Ports.Those(ports.stream().flatMap(port -> port(port).stream()).toList());
    }

    private Optional<Port> port(NetworkPolicyPort port) {
      String protocol = Scene.protocol(port.getProtocol());
      if (!List.of("tcp", "udp").contains(protocol)) {
        throw new UnsupportedPolicyException(name, "protocol " + protocol);
      }
      if (port.getEndPort() != null) {
        throw new UnsupportedPolicyException(name, "endPort " + port.getEndPort());
      }
      if (port.getPort() == null) {
        return Optional.of(new Port(protocol, 0));
      }
      if (port.getPort().getIntVal() != null) {
        return Optional.of(new Port(protocol, port.getPort().getIntVal()));
      }
      String named = port.getPort().getStrVal();
      Scene.Endpoint pod =
          receiver.orElseThrow(() ->
              new UnsupportedPolicyException(name, "named port %s in egress".formatted(named)));
      return Optional.ofNullable(pod.ports().get(protocol + "/" + named))
          .map(number -> new Port(protocol, number));
    }
  }
}
