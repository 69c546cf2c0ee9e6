package dev.rouse.controller.metrics;

import dev.rouse.api.probe.Buckets;
import dev.rouse.api.probe.Counters;
import dev.rouse.api.probe.Meters;
import dev.rouse.api.probe.Timers;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Counts what becomes of sessions' pods. Every constant here is the value of a label. */
public final class PodMeters {

  /** What a pod is. */
  public enum Role {
    BRAIN,
    HANDS
  }

  /** Why a pod is not the session's any more. */
  public enum End {
    /** Its program ended with 0. */
    DONE,
    /** Its program ended with another code. */
    FAILED,
    OUT_OF_MEMORY,
    /** Evicted, drained, preempted: the cluster took it. */
    EVICTED,
    /** Somebody deleted it, the operator for a suspended session among them. */
    REMOVED,
    /** It was ready and has not been for too long. */
    UNREADY,
    /** Hands of a session that rests. */
    UNNEEDED
  }

  /** Why a pod or volume cannot be made. */
  public enum Refusal {
    NAME_TAKEN,
    REFUSED
  }

  private final Stopwatch watch;
  private final Counters<Role> created;
  private final List<Counters<End>> ended;
  private final Counters<End> restarts;
  private final Counters<Refusal> refused;
  private final Timer wait;
  private final Timers<Role> starts;

  /**
   * Counts into {@code meters}.
   *
   * @param watch knows which sessions are due
   */
  public PodMeters(Meters meters, Stopwatch watch) {
    this.watch = watch;
    created = meters.counters("rouse.pods.made", "Pods made", "role", Role.class);
    ended =
        Stream.of(Role.values())
            .map(role ->
                meters.counters(
                    "rouse.pods.ended",
                    "Pods that are not their session's any more",
                    "reason",
                    End.class,
                    "role",
                    Meters.text(role)))
            .toList();
    restarts =
        meters.counters(
            "rouse.brain.restarts",
            "Brains that ended while there was work, so that another one is started",
            "reason",
            End.class);
    refused =
        meters.counters(
            "rouse.pods.refused",
            "Attempts to make a pod or volume that the cluster refused",
            "reason",
            Refusal.class);
    wait =
        meters.timer(
            "rouse.due.wait",
            "Time from the news that a session is due to its brain's pod",
            Buckets.WORK);
    starts =
        meters.timers(
            "rouse.pod.start",
            "Time from a pod's creation until it is seen ready",
            Buckets.WORK,
            "role",
            Role.class);
    meters.gauge(
        "rouse.due.sessions.without.brain",
        "Sessions that are due and have no brain's pod",
        watch,
        Stopwatch::dueSessions);
  }

  /** What is waited for. */
  public Stopwatch watch() {
    return watch;
  }

  public void created(Role role) {
    created.count(role);
  }

  /** A session that was due for so long has a brain's pod. */
  public void served(Duration due) {
    wait.record(due.isNegative() ? Duration.ZERO : due);
  }

  public void ready(Role role, Duration since) {
    starts.note(role, since);
  }

  public void ended(Role role, End why) {
    ended.get(role.ordinal()).count(why);
  }

  public void restarted(End why) {
    restarts.count(why);
  }

  public void refused(Refusal why) {
    refused.count(why);
  }
}
