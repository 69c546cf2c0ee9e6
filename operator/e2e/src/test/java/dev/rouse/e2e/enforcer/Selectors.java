package dev.rouse.e2e.enforcer;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;
import java.util.Objects;

/** Whether labels are those a selector means. An empty selector means all. */
final class Selectors {

  private Selectors() {}

  static boolean select(LabelSelector selector, Map<String, String> labels) {
    Map<String, String> wanted = Objects.requireNonNullElse(selector.getMatchLabels(), Map.of());
    return labels.entrySet().containsAll(wanted.entrySet())
        && selector.getMatchExpressions().stream().allMatch(it -> holds(it, labels));
  }

  private static boolean holds(LabelSelectorRequirement wanted, Map<String, String> labels) {
    boolean there = labels.containsKey(wanted.getKey());
    boolean listed = there && wanted.getValues().contains(labels.get(wanted.getKey()));
    return switch (wanted.getOperator()) {
      case "In" -> listed;
      // As in Kubernetes: who has no such label is not in the list.
      case "NotIn" -> !listed;
      case "Exists" -> there;
      case "DoesNotExist" -> !there;
      default -> throw new IllegalArgumentException("no such operator: " + wanted.getOperator());
    };
  }
}
