package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.pod.ContainerState.Terminated;
import dev.rouse.devcluster.node.process.Exit;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container that ran by the pod's status but of which this machine has nothing left, as after its
 * data directory was removed. It must not run a first time twice.
 *
 * @param attempt its last attempt
 * @param how its end, unknown unless the status already tells
 */
record LostContainer(int attempt, Terminated how) {

  static Optional<LostContainer> of(Pod pod, Container container, boolean init, Instant now) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    List<ContainerStatus> statuses =
        init ? pod.getStatus().getInitContainerStatuses() : pod.getStatus().getContainerStatuses();
    return statuses.stream()
        .filter(status -> status.getName().equals(container.getName()))
        .filter(status -> status.getContainerID() != null && !status.getContainerID().isEmpty())
        .findFirst()
        .map(status -> new LostContainer(restarts(status), end(status, now)));
  }

  private static int restarts(ContainerStatus status) {
    return Optional.ofNullable(status.getRestartCount()).orElse(0);
  }

  private static Terminated end(ContainerStatus status, Instant now) {
    var terminated = status.getState() == null ? null : status.getState().getTerminated();
    if (terminated == null) {
      return new Terminated(
          Exit.UNKNOWN_CODE,
          "ContainerStatusUnknown",
          "the dev node has no record of this container",
          now,
          now);
    }
    return new Terminated(
        terminated.getExitCode(),
        Optional.ofNullable(terminated.getReason()).orElse("Error"),
        Optional.ofNullable(terminated.getMessage()).orElse(""),
        time(terminated.getStartedAt(), now),
        time(terminated.getFinishedAt(), now));
  }

  private static Instant time(@Nullable String text, Instant otherwise) {
    return text == null ? otherwise : Instant.parse(text);
  }
}
