package dev.rouse.devcluster.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The four conditions the node owns; a pod's other conditions are of others and untouched. */
final class PodConditions {

  private final Pod pod;
  private final Instant now;

  PodConditions(Pod pod, Instant now) {
    this.pod = pod;
    this.now = now;
  }

  List<PodCondition> compute(PodFacts facts, String phase) {
    boolean over = PhaseRule.terminal(Optional.of(phase));
    Verdict started =
        Verdict.of(
            !facts.ip().isEmpty() && !over, over ? "PodCompleted" : "PodIsBeingPrepared", "");
    return List.of(
        condition("PodReadyToStartContainers", started),
        condition("Initialized", initialized(facts, phase)),
        condition("ContainersReady", containersReady(facts, phase)),
        condition("Ready", ready(facts, phase)));
  }

  private static Verdict initialized(PodFacts facts, String phase) {
    return Verdict.of(
        facts.initialized() && facts.failure() == null || phase.equals(PhaseRule.SUCCEEDED),
        "ContainersNotInitialized",
        "containers with incomplete status: "
            + names(facts.init(), container -> !container.succeeded()));
  }

  private static Verdict containersReady(PodFacts facts, String phase) {
    if (phase.equals(PhaseRule.SUCCEEDED)) {
      return Verdict.of(false, "PodCompleted", "");
    }
    if (phase.equals(PhaseRule.FAILED)) {
      return Verdict.of(false, "PodFailed", "");
    }
    return Verdict.of(
        facts.main().stream().allMatch(ContainerFacts::ready) && facts.initialized(),
        "ContainersNotReady",
        "containers with unready status: " + names(facts.main(), container -> !container.ready()));
  }

  private Verdict ready(PodFacts facts, String phase) {
    Verdict containers = containersReady(facts, phase);
    if (!containers.holds()) {
      return containers;
    }
    String missing =
        pod.getSpec().getReadinessGates().stream()
            .map(PodReadinessGate::getConditionType)
            .filter(gate -> existing(gate).filter(c -> "True".equals(c.getStatus())).isEmpty())
            .collect(Collectors.joining(", "));
    return Verdict.of(
        missing.isEmpty(),
        "ReadinessGatesNotReady",
        "these readiness gates do not hold: " + missing);
  }

  private PodCondition condition(String type, Verdict verdict) {
    String status = verdict.holds() ? "True" : "False";
    String since =
        existing(type)
            .filter(condition -> status.equals(condition.getStatus()))
            .map(PodCondition::getLastTransitionTime)
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(verdict.holds() ? null : verdict.reason())
        .withMessage(verdict.holds() || verdict.message().isEmpty() ? null : verdict.message())
        .withLastTransitionTime(since)
        .build();
  }

  private Optional<PodCondition> existing(String type) {
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(status -> status.getConditions().stream())
        .filter(condition -> condition.getType().equals(type))
        .findFirst();
  }

  private static String names(List<ContainerFacts> containers, Predicate<ContainerFacts> which) {
    return containers.stream()
        .filter(which)
        .map(ContainerFacts::name)
        .collect(Collectors.joining(" ", "[", "]"));
  }

  private record Verdict(boolean holds, String reason, String message) {
    static Verdict of(boolean holds, String reason, String message) {
      return new Verdict(holds, reason, message);
    }
  }
}
