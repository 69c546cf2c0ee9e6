package dev.rouse.devcluster.node.container;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a pod may learn about itself.
 *
 * @param pod the pod as the API server knows it
 * @param podIp its address on this node
 */
public record DownwardApi(Pod pod, String podIp) {

  private static final Pattern ENTRY =
      Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

  /**
   * A field of the pod.
   *
   * @throws IllegalArgumentException if the path is none Kubernetes knows
   */
  public String field(ObjectFieldSelector selector) {
    String path = selector.getFieldPath();
    Matcher entry = ENTRY.matcher(path);
    if (entry.matches()) {
      return entries(entry.group(1)).getOrDefault(entry.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "metadata.labels" -> lines(entries("labels"));
      case "metadata.annotations" -> lines(entries("annotations"));
      case "spec.nodeName" -> pod.getSpec().getNodeName();
      case "spec.serviceAccountName" ->
          Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default");
      case "status.podIP", "status.podIPs" -> podIp;
      case "status.hostIP", "status.hostIPs" -> "127.0.0.1";
      default -> throw new IllegalArgumentException("unsupported fieldPath \"" + path + "\"");
    };
  }

  /** A request or limit of a container, divided and rounded up as Kubernetes does. */
  public String resource(ResourceFieldSelector selector, Container self) {
    Container container =
        pod.getSpec().getContainers().stream()
            .filter(candidate -> candidate.getName().equals(selector.getContainerName()))
            .findFirst()
            .orElse(self);
    String[] parts = selector.getResource().split("\\.", 2);
    BigDecimal divisor =
        Optional.ofNullable(selector.getDivisor())
            .map(Quantity::getNumericalAmount)
            .filter(amount -> amount.signum() != 0)
            .orElse(BigDecimal.ONE);
    return amount(container.getResources(), parts[0], parts[1])
        .divide(divisor, 0, RoundingMode.CEILING)
        .toPlainString();
  }

  private static BigDecimal amount(ResourceRequirements resources, String kind, String name) {
    Optional<ResourceRequirements> present = Optional.ofNullable(resources);
    Optional<Map<String, Quantity>> values =
        kind.equals("limits")
            ? present.map(ResourceRequirements::getLimits)
            : present.map(ResourceRequirements::getRequests);
    return values
        .map(map -> map.get(name))
        .map(Quantity::getNumericalAmount)
        .orElseGet(() -> kind.equals("limits") ? machine(name) : BigDecimal.ZERO);
  }

  /** A container without a limit is told what the node has. */
  private static BigDecimal machine(String name) {
    return switch (name) {
      case "cpu" -> BigDecimal.valueOf(Runtime.getRuntime().availableProcessors());
      case "memory" -> BigDecimal.valueOf(MachineMemory.bytes());
      default -> BigDecimal.ZERO;
    };
  }

  private Map<String, String> entries(String which) {
    Map<String, String> entries =
        which.equals("labels") ? pod.getMetadata().getLabels() : pod.getMetadata().getAnnotations();
    return entries == null ? Map.of() : entries;
  }

  private static String lines(Map<String, String> entries) {
    return new TreeMap<>(entries)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "=" + quote(entry.getValue()))
            .collect(Collectors.joining("\n"));
  }

  private static String quote(String value) {
    String escaped =
        value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t");
    return '"' + escaped + '"';
  }
}
