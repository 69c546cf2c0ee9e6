package dev.rouse.server.work;

import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What workers do with items. Each step is one write of the Lease at the version that it was judged
 * by, so that of two who do something at once, through whichever servers, the second sees what the
 * first did.
 */
public final class WorkQueue {

  /** What stands for a worker that does not say who it is. */
  public static final String UNNAMED = "unnamed";

  /** What a worker says that has had no answer to a heartbeat yet. */
  public static final String NO_HEARTBEAT = "NO_HEARTBEAT";

  /** Writers of one item are few. */
  private static final int ATTEMPTS = 20;

  /** What became of a step. */
  public sealed interface Outcome {

    /** It is done, or was before. @param item as it is now */
    record Done(WorkItem item) implements Outcome {}

    /** The item is in no state for it; nothing was written. */
    record Refused(WorkItem item) implements Outcome {}

    /** There is no such item any more. */
    record Gone() implements Outcome {}

    /** Others changed it all the time. */
    record Busy() implements Outcome {}
  }

  /** A heartbeat. @param extended whether the worker keeps the item */
  public record Beat(Outcome outcome, boolean extended) {}

  /**
   * How a queue stands.
   *
   * @param depth items that a worker may take
   * @param pending items that were claimed a moment ago and not acknowledged
   * @param oldest since when the oldest of both is there; null if there is none
   * @param workersPolling workers that polled lately, as far as is known here
   */
  public record Stats(int depth, int pending, @Nullable Instant oldest, int workersPolling) {}

  private final WorkItems items;
  private final WorkObjects objects;
  private final Clock clock;
  private final Pollers pollers;

  public WorkQueue(WorkItems items, WorkObjects objects, Clock clock) {
    this.items = items;
    this.objects = objects;
    this.clock = clock;
    this.pollers = new Pollers(clock);
  }

  /** The items as known. */
  public WorkItems items() {
    return items;
  }

  /**
   * Claims the oldest item that there is for a worker. No two get one.
   *
   * @param worker the name that it gives itself; null for none
   * @param patience how long to wait for one
   * @param reclaimAfter after which time a claim that was not acknowledged counts no more
   */
  public Optional<WorkItem> poll(
      String namespace,
      String environmentUid,
      @Nullable String worker,
      Duration patience,
      Duration reclaimAfter)
      throws InterruptedException {
    if (worker != null) {
      pollers.saw(environmentUid, worker);
    }
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      long seen = items.moves();
      for (WorkItem item : items.of(namespace, environmentUid)) {
        Optional<WorkItem> claimed = claim(item, worker == null ? UNNAMED : worker, reclaimAfter);
        if (claimed.isPresent()) {
          return claimed;
        }
      }
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive() || items.leases().isStopped()) {
        return Optional.empty();
      }
      items.awaitMove(seen, left);
    }
  }

  private Optional<WorkItem> claim(WorkItem known, String worker, Duration reclaimAfter) {
    Instant now = now();
    if (!known.isClaimable(now, reclaimAfter)) {
      return Optional.empty();
    }
    return objects.update(known.claimed(worker, now).lease()).flatMap(this::learned);
  }

  /** The worker says that it has it. Saying so again, or late, does no harm. */
  public Outcome acknowledge(WorkItem known) {
    return change(
        known,
        now ->
            switch (now.state()) {
              case QUEUED -> Step.write(now.acknowledged(now()));
              case STARTING, ACTIVE, STOPPING -> Step.keep();
              case STOPPED -> Step.refuse();
            });
  }

  /**
   * The worker says that it is there.
   *
   * @param expected {@link #NO_HEARTBEAT}, or the time of its last heartbeat as it was told; null
   *     to compare nothing. Not compared once the item is to stop
   * @param ttlSeconds how long this is to hold; null to leave it
   */
  public Beat beat(WorkItem known, @Nullable String expected, @Nullable Integer ttlSeconds) {
    Outcome outcome =
        change(
            known,
            now ->
                switch (now.state()) {
                  case STOPPING, STOPPED -> Step.keep();
                  case QUEUED, STARTING, ACTIVE ->
                      expected == null || expected.equals(lastHeartbeat(now, NO_HEARTBEAT))
                          ? Step.write(now.beaten(ttlSeconds, now()))
                          : Step.refuse();
                });
    boolean extended =
        outcome instanceof Outcome.Done(WorkItem item) && item.state() == WorkState.ACTIVE;
    return new Beat(outcome, extended);
  }

  /** The last heartbeat as it is told and compared: byte for byte. @param none if there is none */
  public static String lastHeartbeat(WorkItem item, String none) {
    return item.heartbeatAt().map(EventCodec::timestamp).orElse(none);
  }

  /** Ends an item. @param force whether its worker is not asked first */
  public Outcome stop(WorkItem known, boolean force) {
    return change(
        known,
        now ->
            switch (now.state()) {
              case STOPPED -> Step.refuse();
              case STOPPING -> force ? Step.write(now.stopped(now())) : Step.keep();
              case QUEUED, STARTING, ACTIVE ->
                  Step.write(force ? now.stopped(now()) : now.stopRequested(now()));
            });
  }

  /** Changes a client's labels. @param change of what is there now */
  public Outcome label(WorkItem known, UnaryOperator<Map<String, String>> change) {
    return change(
        known,
        now -> {
          Map<String, String> next = change.apply(now.metadata());
          return next.equals(now.metadata()) ? Step.keep() : Step.write(now.labelled(next));
        });
  }

  /** The item as it is now. */
  public Optional<WorkItem> fresh(WorkItem known) {
    return objects
        .read(known.namespace(), known.lease().getMetadata().getName())
        .filter(it -> it.getMetadata().getUid().equals(known.uid()))
        .flatMap(this::learned);
  }

  /** How the queue of an environment stands. */
  public Stats stats(String namespace, String environmentUid, Duration reclaimAfter) {
    Instant now = now();
    List<WorkItem> all = items.of(namespace, environmentUid);
    List<WorkItem> open = all.stream().filter(it -> it.isClaimable(now, reclaimAfter)).toList();
    List<WorkItem> pending = all.stream().filter(it -> it.isPending(now, reclaimAfter)).toList();
    Instant oldest =
        Stream.concat(open.stream(), pending.stream())
            .map(WorkItem::createdAt)
            .min(Instant::compareTo)
            .orElse(null);
    return new Stats(open.size(), pending.size(), oldest, pollers.count(environmentUid, all));
  }

  private record Step(@Nullable WorkItem next, boolean refused) {
    static Step write(WorkItem next) {
      return new Step(next, false);
    }

    static Step keep() {
      return new Step(null, false);
    }

    static Step refuse() {
      return new Step(null, true);
    }
  }

  /** Judges by what is there, and again after each change of somebody else. */
  private Outcome change(WorkItem known, Function<WorkItem, Step> rule) {
    @Nullable WorkItem tried = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<WorkItem> now = fresh(known);
      if (now.isEmpty()) {
        return new Outcome.Gone();
      }
      // The answer to a write may be lost, and the write repeated by the client underneath.
      if (tried != null && now.get().saysTheSame(tried)) {
        return new Outcome.Done(now.get());
      }
      Step step = rule.apply(now.get());
      if (step.next() == null) {
        return step.refused() ? new Outcome.Refused(now.get()) : new Outcome.Done(now.get());
      }
      tried = step.next();
      Optional<WorkItem> written = objects.update(tried.lease()).flatMap(this::learned);
      if (written.isPresent()) {
        return new Outcome.Done(written.get());
      }
    }
    return new Outcome.Busy();
  }

  private Optional<WorkItem> learned(Lease lease) {
    Optional<WorkItem> item = WorkItem.of(lease);
    item.ifPresent(items::learn);
    return item;
  }

  /** To the microsecond, as Leases and the wire have it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
