package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.pod.ContainerState.Running;
import dev.rouse.devcluster.node.pod.ContainerState.Terminated;
import dev.rouse.devcluster.node.pod.ContainerState.Waiting;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one container.
 *
 * @param lastTermination how the attempt before this one ended
 * @param attempt number of the current or last attempt from 0, or -1 before the first
 * @param started whether its startup probe passed
 * @param ready whether it is ready for use
 */
public record ContainerFacts(
    String name,
    String image,
    ContainerState state,
    @Nullable Terminated lastTermination,
    int attempt,
    boolean started,
    boolean ready) {

  boolean waiting() {
    return state instanceof Waiting;
  }

  boolean running() {
    return state instanceof Running;
  }

  Optional<Terminated> terminated() {
    return state instanceof Terminated terminated ? Optional.of(terminated) : Optional.empty();
  }

  boolean succeeded() {
    return terminated().filter(Terminated::succeeded).isPresent();
  }

  int restartCount() {
    return Math.max(attempt, 0);
  }
}
