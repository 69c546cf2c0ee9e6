package dev.rouse.devcluster.node.probe;

import java.time.Duration;
import java.util.List;

/** Runs a command beside a container's main process, for exec probes and hooks. */
@FunctionalInterface
public interface ContainerCommands {

  /**
   * Runs it to its end.
   *
   * @param timeout after which it is killed and counts as failed
   */
  ProbeResult run(List<String> command, Duration timeout);
}
