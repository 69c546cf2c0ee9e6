package dev.rouse.devcluster.node.container;

/** A container cannot start now. The message is shown in its status and names the way out. */
public final class ContainerStartException extends Exception {

  private final StartFailure failure;

  public ContainerStartException(StartFailure failure, String message) {
    super(message);
    this.failure = failure;
  }

  public StartFailure failure() {
    return failure;
  }
}
