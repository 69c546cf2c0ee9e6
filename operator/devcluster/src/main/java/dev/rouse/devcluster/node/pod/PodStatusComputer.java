package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.pod.ContainerState.Running;
import dev.rouse.devcluster.node.pod.ContainerState.Terminated;
import dev.rouse.devcluster.node.pod.ContainerState.Waiting;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Computes a pod's status from what is known of it: pure, and the only place that does. */
public final class PodStatusComputer {

  private PodStatusComputer() {}

  /**
   * The node's part of the status.
   *
   * @param pod the pod as last seen, whose conditions keep their times while they stay as they are
   * @param now the time of those that change
   */
  public static PodStatus compute(Pod pod, PodFacts facts, Instant now) {
    RestartPolicy policy = RestartPolicy.of(pod);
    Optional<String> shown = Optional.ofNullable(pod.getStatus()).map(PodStatus::getPhase);
    String computed = PhaseRule.phase(policy, facts);
    String phase =
        PhaseRule.terminal(shown) && !PhaseRule.terminal(Optional.of(computed))
            ? shown.orElseThrow()
            : computed;
    String uid = pod.getMetadata().getUid();
    PodStatusBuilder status =
        new PodStatusBuilder()
            .withPhase(phase)
            .withHostIP("127.0.0.1")
            .withStartTime(time(facts.startTime()))
            .withQosClass(
                Optional.ofNullable(pod.getStatus()).map(PodStatus::getQosClass).orElse(null))
            .withInitContainerStatuses(statuses(uid, facts.init()))
            .withContainerStatuses(statuses(uid, facts.main()))
            .withConditions(new PodConditions(pod, now).compute(facts, phase));
    if (!facts.ip().isEmpty()) {
      status.withPodIP(facts.ip()).withPodIPs(new PodIP(facts.ip()));
    }
    if (facts.failure() != null) {
      status.withReason(facts.failure().reason()).withMessage(facts.failure().message());
    }
    return status.build();
  }

  private static List<ContainerStatus> statuses(String podUid, List<ContainerFacts> containers) {
    return containers.stream().map(container -> status(podUid, container)).toList();
  }

  private static ContainerStatus status(String podUid, ContainerFacts container) {
    ContainerStatusBuilder status =
        new ContainerStatusBuilder()
            .withName(container.name())
            .withImage(container.image())
            .withImageID(container.attempt() < 0 ? "" : "rouse-dev://" + container.image())
            .withRestartCount(container.restartCount())
            .withStarted(container.started())
            .withReady(container.ready())
            .withState(state(podUid, container, container.state(), container.attempt()));
    if (container.attempt() >= 0) {
      status.withContainerID(id(podUid, container, container.attempt()));
    }
    if (container.lastTermination() != null) {
      int attempt = container.waiting() ? container.attempt() : container.attempt() - 1;
      status.withLastState(state(podUid, container, container.lastTermination(), attempt));
    }
    return status.build();
  }

  private static io.fabric8.kubernetes.api.model.ContainerState state(
      String podUid, ContainerFacts container, ContainerState state, int attempt) {
    ContainerStateBuilder builder = new ContainerStateBuilder();
    return switch (state) {
      case Waiting(String reason, String message) ->
          builder.withNewWaiting(message.isEmpty() ? null : message, reason).build();
      case Running(Instant startedAt) -> builder.withNewRunning(time(startedAt)).build();
      case Terminated terminated ->
          builder
              .withNewTerminated()
              .withExitCode(terminated.exitCode())
              .withReason(terminated.reason())
              .withMessage(terminated.message().isEmpty() ? null : terminated.message())
              .withStartedAt(time(terminated.startedAt()))
              .withFinishedAt(time(terminated.finishedAt()))
              .withContainerID(id(podUid, container, Math.max(attempt, 0)))
              .endTerminated()
              .build();
    };
  }

  private static String id(String podUid, ContainerFacts container, int attempt) {
    return "rouse-dev://%s/%s/%d".formatted(podUid, container.name(), attempt);
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
