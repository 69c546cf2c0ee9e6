package dev.rouse.devcluster.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Optional;

/** How long a pod's processes may take to end after SIGTERM. */
final class Grace {

  private static final long DEFAULT_SECONDS = 30;

  private Grace() {}

  /** What the deletion says, else the specification. */
  static Duration of(Pod pod) {
    Optional<Long> deletion =
        Optional.ofNullable(pod.getMetadata().getDeletionGracePeriodSeconds());
    Optional<Long> asked = Optional.ofNullable(pod.getSpec().getTerminationGracePeriodSeconds());
    return Duration.ofSeconds(deletion.or(() -> asked).orElse(DEFAULT_SECONDS));
  }
}
