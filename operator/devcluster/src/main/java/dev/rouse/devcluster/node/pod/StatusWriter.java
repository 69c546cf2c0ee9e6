package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.cluster.PodApi;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Writes a pod's status when it differs from what the API server has, and only then. */
final class StatusWriter {

  private final PodApi api;

  StatusWriter(PodApi api) {
    this.api = api;
  }

  /** Writes if need be; gives the pod as it then is, empty if nothing was written. */
  Optional<Pod> write(Pod pod, PodStatus wanted) {
    return shows(pod.getStatus(), wanted) ? Optional.empty() : api.patchStatus(pod, wanted);
  }

  private static boolean shows(PodStatus current, PodStatus wanted) {
    return current != null
        && Objects.equals(current.getPhase(), wanted.getPhase())
        && Objects.equals(current.getReason(), wanted.getReason())
        && Objects.equals(current.getMessage(), wanted.getMessage())
        && Objects.equals(current.getPodIP(), wanted.getPodIP())
        && Objects.equals(current.getStartTime(), wanted.getStartTime())
        && Objects.equals(current.getContainerStatuses(), wanted.getContainerStatuses())
        && Objects.equals(current.getInitContainerStatuses(), wanted.getInitContainerStatuses())
        && comparable(current.getConditions()).containsAll(comparable(wanted.getConditions()));
  }

  private static Set<String> comparable(List<PodCondition> conditions) {
    Set<String> found = new HashSet<>();
    conditions.forEach(condition ->
        found.add(
            "%s=%s/%s/%s"
                .formatted(
                    condition.getType(),
                    condition.getStatus(),
                    condition.getReason(),
                    condition.getMessage())));
    return found;
  }
}
