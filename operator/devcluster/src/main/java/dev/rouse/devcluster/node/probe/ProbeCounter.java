package dev.rouse.devcluster.node.probe;

import io.fabric8.kubernetes.api.model.Probe;
import java.util.Optional;

/** Counts results until a threshold is reached. Not safe for use by several threads. */
final class ProbeCounter {

  /** What the results so far amount to. */
  enum Verdict {
    UNDECIDED,
    PASSED,
    FAILED
  }

  private static final int DEFAULT_FAILURES = 3;

  private final int successThreshold;
  private final int failureThreshold;
  private int successes;
  private int failures;

  ProbeCounter(Probe probe) {
    successThreshold = Optional.ofNullable(probe.getSuccessThreshold()).orElse(1);
    failureThreshold = Optional.ofNullable(probe.getFailureThreshold()).orElse(DEFAULT_FAILURES);
  }

  Verdict count(ProbeResult result) {
    return switch (result) {
      case ProbeResult.Success ignored -> {
        failures = 0;
        successes++;
        yield successes >= successThreshold ? Verdict.PASSED : Verdict.UNDECIDED;
      }
      case ProbeResult.Failure ignored -> {
        successes = 0;
        failures++;
        yield failures >= failureThreshold ? Verdict.FAILED : Verdict.UNDECIDED;
      }
    };
  }
}
