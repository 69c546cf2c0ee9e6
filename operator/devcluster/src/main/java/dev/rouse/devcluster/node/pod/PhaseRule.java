package dev.rouse.devcluster.node.pod;

import java.util.List;
import java.util.Optional;

/** Computes a pod's phase as the kubelet does. */
final class PhaseRule {

  static final String PENDING = "Pending";
  static final String RUNNING = "Running";
  static final String SUCCEEDED = "Succeeded";
  static final String FAILED = "Failed";

  private PhaseRule() {}

  static boolean terminal(Optional<String> phase) {
    return phase.filter(word -> word.equals(SUCCEEDED) || word.equals(FAILED)).isPresent();
  }

  static String phase(RestartPolicy policy, PodFacts facts) {
    if (facts.failure() != null) {
      return FAILED;
    }
    if (!facts.initialized()) {
      boolean failed = facts.init().stream().anyMatch(PhaseRule::failed);
      return failed && (policy == RestartPolicy.NEVER || facts.ending()) ? FAILED : PENDING;
    }
    List<ContainerFacts> main = facts.main();
    boolean anyNew =
        main.stream()
            .anyMatch(container -> container.waiting() && container.lastTermination() == null);
    if (anyNew) {
      return PENDING;
    }
    if (!main.stream().allMatch(container -> container.terminated().isPresent())) {
      return RUNNING;
    }
    boolean allSucceeded = main.stream().allMatch(ContainerFacts::succeeded);
    if (facts.ending()) {
      return allSucceeded ? SUCCEEDED : FAILED;
    }
    return switch (policy) {
      case ALWAYS -> RUNNING;
      case ON_FAILURE -> allSucceeded ? SUCCEEDED : RUNNING;
      case NEVER -> allSucceeded ? SUCCEEDED : FAILED;
    };
  }

  private static boolean failed(ContainerFacts container) {
    return container.terminated().isPresent() && !container.succeeded();
  }
}
