package dev.rouse.e2e.enforcer;

import dev.rouse.e2e.enforcer.Policies.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The nftables table of one node, in the words in which {@code nft list table} shows it.
 *
 * <p>It stands behind the translation of Service addresses, so that a Service is judged by the pod
 * that it leads to. A packet is judged as what its sender lets out, and then as what its receiver
 * lets in; a rule that allows returns to the next judgement. What belongs to a connection that was
 * allowed passes. A node itself may always reach its pods, as Kubernetes wants it for probes: what
 * it sends to them passes none of these hooks.
 */
final class Ruleset {

  static final String TABLE = "rouse_policy";

  private static final String JUDGE =
      """
      \tchain judge {
      \t\tct state established,related return
      \t\tmeta nfproto ipv6 drop
      %s\t}

      """;

  /** Behind the filters of others, with which it has nothing to do. */
  private static final String HOOKS =
      """
      \tchain passing {
      \t\ttype filter hook forward priority filter + 5; policy accept;
      \t\tjump judge
      \t}

      \tchain arriving {
      \t\ttype filter hook input priority filter + 5; policy accept;
      \t\tiifname "cni0" jump judge
      \t}
      """;

  private Ruleset() {}

  /**
   * The table of a node.
   *
   * @throws UnsupportedPolicyException if a policy that selects one of its pods is not understood
   */
  static String of(EnforcedNode node, Scene scene) {
    Policies policies = new Policies(scene);
    List<String> chains = new ArrayList<>();
    List<String> sends = new ArrayList<>();
    List<String> receives = new ArrayList<>();
    List<Scene.Endpoint> pods =
        scene.pods().stream().filter(pod -> pod.node().equals(node.name())).toList();
    for (Scene.Endpoint pod : pods) {
      String suffix = pod.address().replace('.', '_');
      policies
          .openings(pod, Direction.EGRESS)
          .ifPresent(openings -> {
            chains.add(chain("out_" + suffix, "daddr", openings));
            sends.add("%s : jump out_%s".formatted(pod.address(), suffix));
          });
      policies
          .openings(pod, Direction.INGRESS)
          .ifPresent(openings -> {
            chains.add(chain("in_" + suffix, "saddr", openings));
            receives.add("%s : jump in_%s".formatted(pod.address(), suffix));
          });
    }
    String known =
        Address.anyOf(
            Stream.concat(Stream.of(node.gateway()), pods.stream().map(Scene.Endpoint::address))
                .toList());
    String range = node.podRange();
    List<String> judgement = new ArrayList<>();
    // An address whose pod is not known yet: nobody can say what it may do.
    judgement.add("ip saddr %s ip saddr != %s drop".formatted(range, known));
    judgement.add("ip daddr %s ip daddr != %s drop".formatted(range, known));
    verdicts("saddr", sends).ifPresent(judgement::add);
    verdicts("daddr", receives).ifPresent(judgement::add);
    return table(String.join("", chains), judgement);
  }

  /** A table that lets nothing of the node's pods pass: where policies are not understood. */
  static String closed(EnforcedNode node) {
    String range = node.podRange();
    return table(
        "", List.of("ip saddr %s drop".formatted(range), "ip daddr %s drop".formatted(range)));
  }

  private static String table(String chains, List<String> judgement) {
    String lines = judgement.stream().map("\t\t%s\n"::formatted).collect(Collectors.joining());
    return "table inet %s {\n%s%s%s}\n".formatted(TABLE, chains, JUDGE.formatted(lines), HOOKS);
  }

  private static String chain(String name, String direction, List<Opening> openings) {
    String rules =
        openings.stream()
            .flatMap(opening -> opening.rules(direction).stream())
            .distinct()
            .map("\t\t%s\n"::formatted)
            .collect(Collectors.joining());
    return "\tchain %s {\n%s\t\tcounter drop\n\t}\n\n".formatted(name, rules);
  }

  private static Optional<String> verdicts(String direction, List<String> map) {
    return map.isEmpty()
        ? Optional.empty()
        : Optional.of("ip %s vmap { %s }".formatted(direction, String.join(", ", map)));
  }
}
