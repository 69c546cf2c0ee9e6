package dev.rouse.controller.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the operator has to know of a pod. Two pods with equal views are the same to it.
 *
 * @param created when it was created
 * @param deleting whether its deletion was asked for
 * @param disrupted whether the cluster said that it takes the pod away: eviction, drain, preemption
 * @param exit how its program ended, if it has; a container beside it does not hide that
 * @param ready whether its probe succeeds
 * @param unreadySince since when it does not, if known
 * @param address its IP
 * @param waiting what its start waits for, if that is worth telling: the kubelet's or scheduler's
 *     reason and message
 */
record PodView(
    String name,
    String uid,
    Instant created,
    boolean deleting,
    boolean disrupted,
    @Nullable Exit exit,
    boolean ready,
    @Nullable Instant unreadySince,
    @Nullable String address,
    @Nullable String waiting) {

  /**
   * How a program ended.
   *
   * @param code its exit code; null if it was ended from outside, as by an eviction
   * @param text for people: code, reason, last words
   */
  record Exit(@Nullable Integer code, String text) {
    boolean clean() {
      return code != null && code == 0;
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OOM_KILLED = "OOMKilled";

  /** How much of the beginning and of the end of a program's last words is passed on. */
  private static final int BEGINNING = 60;

  private static final int END = 140;

  Duration unreadyFor(Instant now) {
    return unreadySince == null ? Duration.ZERO : Duration.between(unreadySince, now);
  }

  boolean usable() {
    return !deleting && exit == null;
  }

  static PodView of(Pod pod) {
    PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    Optional<PodCondition> ready = condition(status, "Ready");
    boolean isReady = ready.filter(it -> "True".equals(it.getStatus())).isPresent();
    return new PodView(
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        instant(pod.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH),
        pod.getMetadata().getDeletionTimestamp() != null,
        condition(status, "DisruptionTarget")
            .filter(it -> "True".equals(it.getStatus()))
            .isPresent(),
        exit(pod, status),
        isReady,
        isReady ? null : ready.flatMap(it -> instant(it.getLastTransitionTime())).orElse(null),
        status.getPodIP(),
        isReady ? null : waiting(status));
  }

  private static @Nullable Exit exit(Pod pod, PodStatus status) {
    String program = pod.getSpec().getContainers().getFirst().getName();
    for (ContainerStatus container : status.getContainerStatuses()) {
      var ended =
          container.getName().equals(program) && container.getState() != null
              ? container.getState().getTerminated()
              : null;
      if (ended != null) {
        return new Exit(ended.getExitCode(), text(pod, status, ended));
      }
    }
    if (!"Failed".equals(status.getPhase()) && !"Succeeded".equals(status.getPhase())) {
      return null;
    }
    // An eviction has a reason, and may end a container with a code of its own.
    Exit before = status.getReason() == null ? before(status) : null;
    return before != null
        ? before
        : new Exit(null, text(status.getPhase(), status.getReason(), status.getMessage()));
  }

  /** The end of a program whose turn never came, because what prepares it failed. */
  private static @Nullable Exit before(PodStatus status) {
    for (ContainerStatus container : status.getInitContainerStatuses()) {
      var ended = container.getState() == null ? null : container.getState().getTerminated();
      if (ended != null && ended.getExitCode() != 0) {
        return new Exit(
            ended.getExitCode(),
            text(
                "exit code %d of init container %s"
                    .formatted(ended.getExitCode(), container.getName()),
                ended.getReason(),
                ended.getMessage()));
      }
    }
    return null;
  }

  /** What ended the pod says more than what its program said last. */
  private static String text(Pod pod, PodStatus status, ContainerStateTerminated ended) {
    String code = "exit code " + ended.getExitCode();
    if (status.getReason() != null) {
      return text(code, status.getReason(), status.getMessage());
    }
    return OOM_KILLED.equals(ended.getReason())
        ? text(code, OOM_KILLED, memory(pod))
        : text(code, ended.getReason(), ended.getMessage());
  }

  private static String memory(Pod pod) {
    ResourceRequirements resources = pod.getSpec().getContainers().getFirst().getResources();
    Quantity limit =
        resources == null || resources.getLimits() == null
            ? null
            : resources.getLimits().get("memory");
    return limit == null
        ? "the node ran out of memory"
        : "it needed more memory than its limit of " + limit;
  }

  private static @Nullable String waiting(PodStatus status) {
    List<ContainerStatus> containers = new ArrayList<>(status.getInitContainerStatuses());
    containers.addAll(status.getContainerStatuses());
    for (ContainerStatus container : containers) {
      var waiting = container.getState() == null ? null : container.getState().getWaiting();
      if (waiting != null
          && waiting.getReason() != null
          && !"ContainerCreating".equals(waiting.getReason())
          && !"PodInitializing".equals(waiting.getReason())) {
        return text(waiting.getReason(), null, waiting.getMessage());
      }
    }
    return condition(status, "PodScheduled")
        .filter(it -> "False".equals(it.getStatus()))
        .map(it ->
            text(Objects.requireNonNullElse(it.getReason(), "Unscheduled"), null, it.getMessage()))
        .orElse(null);
  }

  private static Optional<PodCondition> condition(PodStatus status, String type) {
    return status.getConditions().stream().filter(it -> type.equals(it.getType())).findFirst();
  }

  private static String text(String what, @Nullable String reason, @Nullable String message) {
    StringBuilder text = new StringBuilder(what);
    if (reason != null && !reason.isBlank()) {
      text.append(" (").append(reason).append(')');
    }
    if (message != null && !message.isBlank()) {
      String line = sentence(message.strip().lines().reduce((_, last) -> last).orElse(""));
      text.append(": ").append(cut(line));
    }
    return text.toString();
  }

  /** A runtime that cannot start a program names the steps first, and what was missing last. */
  private static String cut(String line) {
    return line.length() <= BEGINNING + END
        ? line
        : line.substring(0, BEGINNING) + " … " + line.substring(line.length() - END);
  }

  /** What a program's last line says, if the program writes its lines as JSON. */
  private static String sentence(String line) {
    if (!line.startsWith("{")) {
      return line;
    }
    try {
      return JSON.readTree(line).path("message").asText(line).replace('\n', ' ');
    } catch (JsonProcessingException e) {
      return line;
    }
  }

  private static Optional<Instant> instant(@Nullable String text) {
    return Optional.ofNullable(text).map(Instant::parse);
  }
}
