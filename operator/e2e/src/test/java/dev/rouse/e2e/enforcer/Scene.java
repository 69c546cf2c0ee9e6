package dev.rouse.e2e.enforcer;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides who may speak to whom, at one moment.
 *
 * @param pods those with an address of their own that have not ended, by address
 * @param namespaces their labels, by name
 * @param policies by namespace and name
 */
record Scene(
    List<Endpoint> pods,
    Map<String, Map<String, String>> namespaces,
    List<NetworkPolicy> policies) {

  /**
   * A pod as a packet sees it.
   *
   * @param ports those that have a name, by protocol and name, such as {@code tcp/https}
   */
  record Endpoint(
      String namespace,
      String name,
      String node,
      String address,
      Map<String, String> labels,
      Map<String, Integer> ports) {

    static Optional<Endpoint> of(Pod pod) {
      if (pod.getStatus() == null
          || pod.getStatus().getPodIP() == null
          || Boolean.TRUE.equals(pod.getSpec().getHostNetwork())
          // The address of a pod that has ended may be another's by now.
          || List.of("Succeeded", "Failed").contains(pod.getStatus().getPhase())) {
        return Optional.empty();
      }
      return Optional.of(
          new Endpoint(
              pod.getMetadata().getNamespace(),
              pod.getMetadata().getName(),
              pod.getSpec().getNodeName(),
              pod.getStatus().getPodIP(),
              orEmpty(pod.getMetadata().getLabels()),
              pod.getSpec().getContainers().stream()
                  .flatMap(container -> container.getPorts().stream())
                  .filter(port -> port.getName() != null)
                  .collect(
                      Collectors.toMap(
                          port -> protocol(port.getProtocol()) + "/" + port.getName(),
                          ContainerPort::getContainerPort))));
    }
  }

  /** TCP where none is said, in the letters of nft. */
  static String protocol(@Nullable String protocol) {
    return protocol == null ? "tcp" : protocol.toLowerCase(Locale.ROOT);
  }

  static Scene of(
      Collection<Pod> pods, Collection<Namespace> namespaces, Collection<NetworkPolicy> policies) {
    return new Scene(
        pods.stream()
            .flatMap(pod -> Endpoint.of(pod).stream())
            .sorted(Comparator.comparingLong(pod -> Address.number(pod.address())))
            .toList(),
        namespaces.stream()
            .collect(
                Collectors.toMap(
                    namespace -> namespace.getMetadata().getName(),
                    namespace -> orEmpty(namespace.getMetadata().getLabels()))),
        policies.stream()
            .sorted(
                Comparator.comparing((NetworkPolicy policy) -> policy.getMetadata().getNamespace())
                    .thenComparing(policy -> policy.getMetadata().getName()))
            .toList());
  }

  Map<String, String> labelsOf(String namespace) {
    return namespaces.getOrDefault(namespace, Map.of());
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> labels) {
    return labels == null ? Map.of() : Map.copyOf(labels);
  }
}
