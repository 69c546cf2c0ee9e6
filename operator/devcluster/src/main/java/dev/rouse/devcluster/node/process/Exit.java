package dev.rouse.devcluster.node.process;

import java.time.Instant;

/**
 * The end of a process.
 *
 * @param code its exit code; 128 + n if signal n ended it
 * @param at when it ended, or was found ended
 * @param known whether the code was observed; if not, it is 137 by convention
 */
public record Exit(int code, Instant at, boolean known) {

  /** The code Kubernetes gives a container whose end nobody saw. */
  public static final int UNKNOWN_CODE = 137;

  static Exit unknown(Instant at) {
    return new Exit(UNKNOWN_CODE, at, false);
  }
}
