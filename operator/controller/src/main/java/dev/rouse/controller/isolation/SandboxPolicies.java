package dev.rouse.controller.isolation;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpecBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The three network policies of a namespace with sessions. Two select every pod of ours, by its
 * role, for both directions: what no rule opens is closed. The third only opens.
 *
 * <p>Nothing in them is of one session: pods differ by labels that the operator sets, so one more
 * session costs no policy.
 *
 * @param settings what is opened to sandboxes with unrestricted networking
 * @param handsPort where hands listen
 */
public record SandboxPolicies(IsolationSettings settings, int handsPort) {

  /** On hands: {@code limited} or {@code unrestricted}. */
  public static final String NETWORK_LABEL = "rouse.dev/network";

  static final String BRAIN = "rouse-brain";
  static final String HANDS = "rouse-hands";
  static final String UNRESTRICTED = "rouse-hands-unrestricted";

  /** What they are found again by. */
  static final SortedMap<String, String> LABELS =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.of(
                  "app.kubernetes.io/managed-by", Rouse.OPERATOR_MANAGER,
                  "app.kubernetes.io/part-of", "rouse",
                  "app.kubernetes.io/component", "isolation")));

  /** The label selector by which they are watched. */
  public static final String SELECTOR =
      "app.kubernetes.io/managed-by="
          + Rouse.OPERATOR_MANAGER
          + ",app.kubernetes.io/component=isolation";

  private static final String INGRESS = "Ingress";
  private static final String EGRESS = "Egress";
  private static final Cidr ALL_OF_FOUR = new Cidr("0.0.0.0/0");
  private static final Cidr ALL_OF_SIX = new Cidr("::/0");

  /** Where clouds give credentials to whoever asks; no model is served there. */
  private static final List<Cidr> METADATA =
      Stream.of(
              "169.254.0.0/16",
              "168.63.129.16/32",
              "fe80::/10",
              "fd00:ec2::254/128",
              "fd20:ce::254/128")
          .map(Cidr::new)
          .toList();

  /** The policies of a namespace, those that close first. */
  List<NetworkPolicy> of(String namespace) {
    return List.of(
        policy(namespace, BRAIN, brain()),
        policy(namespace, HANDS, hands()),
        policy(namespace, UNRESTRICTED, unrestricted()));
  }

  private static NetworkPolicy policy(String namespace, String name, NetworkPolicySpec spec) {
    return new NetworkPolicyBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withLabels(LABELS)
        .endMetadata()
        .withSpec(spec)
        .build();
  }

  /**
   * Nobody calls a brain. It calls server, hands and model; a model may be anywhere, in this
   * cluster too. Pods are selected beside addresses, because for some network plugins ranges are of
   * the world outside only.
   */
  private NetworkPolicySpec brain() {
    List<NetworkPolicyPeer> anywhere = new ArrayList<>();
    anywhere.add(new NetworkPolicyPeerBuilder().withNamespaceSelector(new LabelSelector()).build());
    anywhere.addAll(outside(METADATA));
    return new NetworkPolicySpecBuilder()
        .withPodSelector(role("brain"))
        .withPolicyTypes(INGRESS, EGRESS)
        .addToEgress(new NetworkPolicyEgressRuleBuilder().withTo(anywhere).build())
        .addAllToEgress(names())
        .build();
  }

  /** Brains call hands, and which brain may is a matter of tickets. Hands call nobody. */
  private NetworkPolicySpec hands() {
    return new NetworkPolicySpecBuilder()
        .withPodSelector(role("hands"))
        .withPolicyTypes(INGRESS, EGRESS)
        .addToIngress(
            new NetworkPolicyIngressRuleBuilder()
                .withFrom(new NetworkPolicyPeerBuilder().withPodSelector(role("brain")).build())
                .withPorts(port("TCP", handsPort))
                .build())
        .build();
  }

  private NetworkPolicySpec unrestricted() {
    List<NetworkPolicyPeer> outside = outside(settings.denied());
    NetworkPolicySpecBuilder spec =
        new NetworkPolicySpecBuilder()
            .withPodSelector(
                new LabelSelectorBuilder(role("hands"))
                    .addToMatchLabels(NETWORK_LABEL, "unrestricted")
                    .build())
            .withPolicyTypes(EGRESS);
    // A rule without peers would open everything.
    if (!outside.isEmpty()) {
      spec.addToEgress(new NetworkPolicyEgressRuleBuilder().withTo(outside).build());
    }
    return spec.addAllToEgress(names()).build();
  }

  /** Every address but those of {@code denied}. */
  private static List<NetworkPolicyPeer> outside(List<Cidr> denied) {
    return Stream.of(ALL_OF_FOUR, ALL_OF_SIX)
        .filter(all -> denied.stream().noneMatch(range -> range.contains(all)))
        .map(all ->
            new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(all.text())
                .withExcept(denied.stream().filter(all::isSameFamily).map(Cidr::text).toList())
                .endIpBlock()
                .build())
        .toList();
  }

  /** Opened whatever is denied: rules add up, and DNS servers are in ranges of pods or nodes. */
  private List<NetworkPolicyEgressRule> names() {
    return settings.dns().stream()
        .map(server ->
            new NetworkPolicyEgressRuleBuilder()
                .withTo(peer(server))
                .withPorts(port("UDP", server.port()), port("TCP", server.port()))
                .build())
        .toList();
  }

  private static NetworkPolicyPeer peer(DnsServer server) {
    return switch (server) {
      case DnsServer.Pods(String namespace, String label, String value, int _) ->
          new NetworkPolicyPeerBuilder()
              .withNewNamespaceSelector()
              .addToMatchLabels("kubernetes.io/metadata.name", namespace)
              .endNamespaceSelector()
              .withNewPodSelector()
              .addToMatchLabels(label, value)
              .endPodSelector()
              .build();
      case DnsServer.Addresses(Cidr range, int _) ->
          new NetworkPolicyPeerBuilder()
              .withNewIpBlock()
              .withCidr(range.text())
              .endIpBlock()
              .build();
    };
  }

  private static NetworkPolicyPort port(String protocol, int port) {
    return new NetworkPolicyPortBuilder().withProtocol(protocol).withNewPort(port).build();
  }

  private static LabelSelector role(String role) {
    return new LabelSelectorBuilder().addToMatchLabels(Rouse.ROLE_LABEL, role).build();
  }
}
