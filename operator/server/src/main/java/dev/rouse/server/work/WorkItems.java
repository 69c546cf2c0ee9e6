package dev.rouse.server.work;

import dev.rouse.api.Rouse;
import dev.rouse.server.resource.Objects;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The work items that this process knows of, each as new as it has seen it. */
public final class WorkItems implements Objects.Listener<Lease> {

  private final Objects<Lease> leases = new Objects<>();

  /** UIDs of Leases. One may still be known when the next is there, and news of it come late. */
  private final Map<String, Set<String>> bySession = new ConcurrentHashMap<>();

  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private long moves;

  public WorkItems() {
    leases.listen(this);
  }

  /** Where watches bring Leases. */
  public Objects<Lease> leases() {
    return leases;
  }

  /** Tells {@code listener} the session of each item that has changed or gone; must not block. */
  public void listen(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** Takes in what was just read or written. */
  public void learn(WorkItem item) {
    leases.learn(item.lease());
  }

  /** The item with this UID, as known. */
  public Optional<WorkItem> get(String uid) {
    return leases.get(uid).flatMap(WorkItem::of);
  }

  /** The same, with patience for what another server has just made. */
  public Optional<WorkItem> await(String uid, Duration patience) throws InterruptedException {
    return leases.await(uid, patience).flatMap(WorkItem::of);
  }

  /** The item of this session, as known. */
  public Optional<WorkItem> ofSession(String sessionUid) {
    return bySession.getOrDefault(sessionUid, Set.of()).stream()
        .flatMap(uid -> get(uid).stream())
        .max(Comparator.comparing(WorkItem::createdAt));
  }

  /** The items of an environment, the oldest first. */
  public List<WorkItem> of(String namespace, String environmentUid) {
    return leases.in(namespace).stream()
        .flatMap(lease -> WorkItem.of(lease).stream())
        .filter(item -> item.environmentUid().equals(environmentUid))
        .sorted(Comparator.comparing(WorkItem::createdAt))
        .toList();
  }

  @Override
  public void changed(Lease lease) {
    WorkItem.of(lease)
        .ifPresent(item ->
            bySession.compute(
                item.sessionUid(),
                (_, known) -> {
                  Set<String> uids = known == null ? ConcurrentHashMap.newKeySet() : known;
                  uids.add(item.uid());
                  return uids;
                }));
    tell(lease);
  }

  @Override
  public void deleted(Lease lease) {
    session(lease)
        .ifPresent(session ->
            bySession.computeIfPresent(
                session,
                (_, uids) -> {
                  uids.remove(lease.getMetadata().getUid());
                  return uids.isEmpty() ? null : uids;
                }));
    tell(lease);
  }

  private void tell(Lease lease) {
    lock.lock();
    try {
      moves++;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    session(lease).ifPresent(session -> listeners.forEach(it -> it.accept(session)));
  }

  private static Optional<String> session(Lease lease) {
    Map<String, String> labels = lease.getMetadata().getLabels();
    return labels == null ? Optional.empty() : Optional.ofNullable(labels.get(Rouse.WORK_LABEL));
  }

  /** How often anything has changed. */
  long moves() {
    lock.lock();
    try {
      return moves;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until more has changed than {@code seen}, or patience ends. */
  void awaitMove(long seen, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (moves == seen && left > 0 && !leases.isStopped()) {
        left = moved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody who waits go on with what is known. */
  public void stopWaiting() {
    leases.stopWaiting();
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
