package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.process.Exit;
import java.time.Instant;

/** What a container is doing, in the three words of Kubernetes. */
public sealed interface ContainerState {

  /** Not running, and why. */
  record Waiting(String reason, String message) implements ContainerState {}

  /** Running since. */
  record Running(Instant startedAt) implements ContainerState {}

  /** Ended. */
  record Terminated(
      int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
      implements ContainerState {

    private static final int START_ERROR_CODE = 128;

    static Terminated of(Exit exit, Instant startedAt, String message) {
      String reason =
          exit.known() ? (exit.code() == 0 ? "Completed" : "Error") : "ContainerStatusUnknown";
      return new Terminated(exit.code(), reason, message, startedAt, exit.at());
    }

    /** Its program could not even be executed. */
    static Terminated startError(String message, Instant now) {
      return new Terminated(START_ERROR_CODE, "StartError", message, now, now);
    }

    boolean succeeded() {
      return exitCode == 0;
    }
  }
}
