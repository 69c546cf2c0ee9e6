package dev.rouse.devcluster.node.probe;

/** What one look at a container said. */
public sealed interface ProbeResult {

  /** It is well. */
  record Success() implements ProbeResult {}

  /**
   * It is not, or could not be asked.
   *
   * @param message what was seen, for people
   */
  record Failure(String message) implements ProbeResult {}
}
