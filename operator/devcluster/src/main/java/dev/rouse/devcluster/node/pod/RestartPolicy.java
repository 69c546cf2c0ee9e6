package dev.rouse.devcluster.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** Whether an ended container starts again. */
public enum RestartPolicy {
  ALWAYS,
  ON_FAILURE,
  NEVER;

  static RestartPolicy of(Pod pod) {
    return switch (Optional.ofNullable(pod.getSpec().getRestartPolicy()).orElse("Always")) {
      case "Never" -> NEVER;
      case "OnFailure" -> ON_FAILURE;
      default -> ALWAYS;
    };
  }

  /**
   * Asks for one ended container.
   *
   * @param init whether it is an init container, which is done for good once it succeeded
   */
  boolean restarts(boolean succeeded, boolean init) {
    return switch (this) {
      case ALWAYS -> !(init && succeeded);
      case ON_FAILURE -> !succeeded;
      case NEVER -> false;
    };
  }
}
