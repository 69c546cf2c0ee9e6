package dev.rouse.server.work;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a work item stands (contract §1.4). */
public enum WorkState {
  /** Waits for a worker; one may have claimed it a moment ago. */
  QUEUED,
  /** A worker has acknowledged it. */
  STARTING,
  /** A worker keeps it by heartbeats. */
  ACTIVE,
  /** Its worker is to stop. */
  STOPPING,
  /** Over for good. */
  STOPPED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of this name, if there is one. */
  static Optional<WorkState> of(String name) {
    return Arrays.stream(values()).filter(it -> it.wireName().equals(name)).findFirst();
  }
}
