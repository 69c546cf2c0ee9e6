package dev.rouse.devcluster.node.pod;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the node knows of one pod; its status is computed from this and the pod alone.
 *
 * @param ip its address, empty before it has one
 * @param startTime when this node first saw it
 * @param init its init containers, in order
 * @param main its containers, in order
 * @param failure why the whole pod failed, whatever its containers did
 * @param ending whether the pod is being deleted, so that nothing will start again
 */
public record PodFacts(
    String ip,
    Instant startTime,
    List<ContainerFacts> init,
    List<ContainerFacts> main,
    @Nullable Failure failure,
    boolean ending) {

  public PodFacts {
    init = List.copyOf(init);
    main = List.copyOf(main);
  }

  boolean initialized() {
    return init.stream().allMatch(ContainerFacts::succeeded);
  }

  /**
   * Why a pod failed as a whole.
   *
   * @param reason one word
   * @param message a sentence
   */
  public record Failure(String reason, String message) {}
}
