package dev.rouse.devcluster.node.process;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends every process that carries a mark. */
public final class Sweeper {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  /** A process may fork while it is being ended, so one look is not enough; a bomb is not ours. */
  private static final int MAX_ROUNDS = 50;

  private static final int MAX_TICKS = 200;
  private static final long TICK_NANOS = 1_000_000;

  private final ProcFs procFs;

  public Sweeper(ProcFs procFs) {
    this.procFs = procFs;
  }

  /**
   * Kills until none is left.
   *
   * @return whether none was left at the end
   */
  public boolean sweep(Map<String, String> mark) {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      List<ProcessId> found = procFs.marked(mark);
      if (found.isEmpty()) {
        return true;
      }
      LOG.atDebug().addKeyValue("processes", found.size()).log("ending what a container left");
      found.forEach(this::kill);
      found.forEach(this::awaitEnd);
    }
    return false;
  }

  private void kill(ProcessId id) {
    if (procFs.runs(id)) {
      ProcessHandle.of(id.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private void awaitEnd(ProcessId id) {
    for (int tick = 0; tick < MAX_TICKS && procFs.runs(id); tick++) {
      // The kernel gives no event for another's child; SIGKILL takes effect within a tick or two.
      LockSupport.parkNanos(TICK_NANOS);
    }
  }
}
