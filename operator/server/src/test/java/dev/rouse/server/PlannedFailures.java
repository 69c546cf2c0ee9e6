package dev.rouse.server;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.EnumMap;
import java.util.Map;

/** What a test plans to go wrong when Session objects are written. */
public final class PlannedFailures {

  /** Writes of objects that can be made to fail. */
  public enum Step {
    CREATE,
    /** The object is made, and the answer is lost. */
    CREATED,
    UNMARK,
    FINALIZERS,
    /** As long as any is planned, others change the object whenever its mark is to go. */
    UNMARK_CROWDED,
    DELETE,
    STATUS,
    /** Somebody else changes the object just before its status is written. */
    STATUS_CROWDED
  }

  private final Map<Step, Integer> planned = new EnumMap<>(Step.class);
  private int status = 500;

  /** The next writes of this kind fail, and change nothing. */
  public synchronized void plan(Step step, int times) {
    planned.put(step, times);
  }

  /** The next failures are answers with this status. */
  public synchronized void answerWith(int status) {
    this.status = status;
  }

  synchronized boolean isPlanned(Step step) {
    return planned.getOrDefault(step, 0) > 0;
  }

  /** Whether this was planned, once less from now on. */
  synchronized boolean take(Step step) {
    boolean due = isPlanned(step);
    if (due) {
      planned.merge(step, -1, Integer::sum);
    }
    return due;
  }

  synchronized void mayFail(Step step) {
    if (take(step)) {
      throw new KubernetesClientException("planned failure of " + step, status, null);
    }
  }
}
