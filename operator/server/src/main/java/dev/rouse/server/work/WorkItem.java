package dev.rouse.server.work;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One work item as its Lease has it. The Lease's name follows from the session, so that a session
 * has one item at most, and the item's id from the Lease's UID, so that a later item is another.
 *
 * <p>Of the spec: {@code holderIdentity} is the worker, {@code acquireTime} when it claimed the
 * item, {@code renewTime} its last heartbeat, {@code leaseDurationSeconds} how long that holds,
 * {@code leaseTransitions} how often the item was claimed. The rest stands in annotations.
 *
 * @param lease as read or about to be written; not to be changed
 */
public record WorkItem(Lease lease) {

  /** How long a heartbeat holds, in seconds, where the worker does not say. */
  public static final int TTL_SECONDS = 90;

  /** Within how many seconds a worker must have said something again, at the least and most. */
  private static final int MIN_TTL = 10;

  private static final int MAX_TTL = 600;

  private static final String STATE = Rouse.WORK_LABEL + "-state";
  private static final String ENVIRONMENT = Rouse.WORK_LABEL + "-environment";
  private static final String CREATED = Rouse.WORK_LABEL + "-created-at";
  private static final String ACKNOWLEDGED = Rouse.WORK_LABEL + "-acknowledged-at";
  private static final String STARTED = Rouse.WORK_LABEL + "-started-at";
  private static final String STOP_REQUESTED = Rouse.WORK_LABEL + "-stop-requested-at";
  private static final String STOPPED = Rouse.WORK_LABEL + "-stopped-at";
  private static final String METADATA = Rouse.WORK_LABEL + "-metadata";
  private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

  /** The name of the Lease of a session's item. */
  public static String leaseName(String sessionUid) {
    return "rouse-work-" + sessionUid;
  }

  /** A new item, queued. */
  public static WorkItem queued(Session session, String environmentUid, Instant now) {
    String uid = session.getMetadata().getUid();
    LeaseSpec spec = new LeaseSpec();
    spec.setLeaseDurationSeconds(TTL_SECONDS);
    spec.setLeaseTransitions(0);
    return new WorkItem(
        new LeaseBuilder()
            .withMetadata(
                new ObjectMetaBuilder()
                    .withNamespace(session.getMetadata().getNamespace())
                    .withName(leaseName(uid))
                    .addToLabels(Rouse.WORK_LABEL, uid)
                    .addToLabels("app.kubernetes.io/managed-by", "rouse")
                    .addToAnnotations(STATE, WorkState.QUEUED.wireName())
                    .addToAnnotations(ENVIRONMENT, environmentUid)
                    .addToAnnotations(CREATED, EventCodec.timestamp(now))
                    .withOwnerReferences(
                        new OwnerReferenceBuilder()
                            .withApiVersion(Rouse.API_VERSION)
                            .withKind("Session")
                            .withName(session.getMetadata().getName())
                            .withUid(uid)
                            .withController(false)
                            .withBlockOwnerDeletion(false)
                            .build())
                    .build())
            .withSpec(spec)
            .build());
  }

  /** The item that a Lease is, or empty if it is not one of ours. */
  public static Optional<WorkItem> of(Lease lease) {
    WorkItem item = new WorkItem(lease);
    Map<String, String> labels = lease.getMetadata().getLabels();
    boolean whole =
        lease.getSpec() != null
            && labels != null
            && leaseName(String.valueOf(labels.get(Rouse.WORK_LABEL)))
                .equals(lease.getMetadata().getName())
            && WorkState.of(item.note(STATE)).isPresent()
            && !item.note(ENVIRONMENT).isEmpty()
            && item.time(CREATED).isPresent();
    return whole ? Optional.of(item) : Optional.empty();
  }

  /** The Lease's UID, from which the item's id follows. */
  public String uid() {
    return lease.getMetadata().getUid();
  }

  public String namespace() {
    return lease.getMetadata().getNamespace();
  }

  public String sessionUid() {
    return Objects.requireNonNull(lease.getMetadata().getLabels().get(Rouse.WORK_LABEL));
  }

  public String environmentUid() {
    return note(ENVIRONMENT);
  }

  public WorkState state() {
    return WorkState.of(note(STATE)).orElseThrow();
  }

  public Instant createdAt() {
    return time(CREATED).orElseThrow();
  }

  public Optional<Instant> acknowledgedAt() {
    return time(ACKNOWLEDGED);
  }

  public Optional<Instant> startedAt() {
    return time(STARTED);
  }

  public Optional<Instant> stopRequestedAt() {
    return time(STOP_REQUESTED);
  }

  public Optional<Instant> stoppedAt() {
    return time(STOPPED);
  }

  /** When the worker that has it, or had it last, claimed it. */
  public Optional<Instant> claimedAt() {
    return Optional.ofNullable(lease.getSpec().getAcquireTime()).map(ZonedDateTime::toInstant);
  }

  /** When its worker was heard of last. */
  public Optional<Instant> heartbeatAt() {
    return Optional.ofNullable(lease.getSpec().getRenewTime()).map(ZonedDateTime::toInstant);
  }

  /** The worker that claimed it last, by the name that it gives itself. */
  public Optional<String> worker() {
    return Optional.ofNullable(lease.getSpec().getHolderIdentity());
  }

  /** How long a heartbeat holds, in seconds. */
  public int ttlSeconds() {
    return Objects.requireNonNullElse(lease.getSpec().getLeaseDurationSeconds(), TTL_SECONDS);
  }

  /** Free labels of clients. */
  public Map<String, String> metadata() {
    String text = note(METADATA);
    try {
      return text.isEmpty() ? Map.of() : EventCodec.JSON.readValue(text, LABELS);
    } catch (JsonProcessingException e) {
      return Map.of();
    }
  }

  /** Until when its worker is believed to be there; empty while none has begun, and at the end. */
  public Optional<Instant> heldUntil() {
    Optional<Instant> heard =
        switch (state()) {
          case QUEUED, STOPPED -> Optional.empty();
          case STARTING, ACTIVE -> heartbeatAt().or(this::acknowledgedAt);
          case STOPPING -> stopRequestedAt();
        };
    return heard.map(it -> it.plusSeconds(ttlSeconds()));
  }

  /** Whether its worker has not been heard of for too long. */
  public boolean isLost(Instant now) {
    return heldUntil().filter(end -> !now.isBefore(end)).isPresent();
  }

  /** Whether it was claimed within this time and not acknowledged. */
  public boolean isPending(Instant now, Duration reclaimAfter) {
    return state() == WorkState.QUEUED
        && claimedAt().filter(it -> now.isBefore(it.plus(reclaimAfter))).isPresent();
  }

  /**
   * Whether a worker may take it.
   *
   * @param reclaimAfter how long a claim holds that is not acknowledged
   */
  public boolean isClaimable(Instant now, Duration reclaimAfter) {
    return switch (state()) {
      case QUEUED -> !isPending(now, reclaimAfter);
      case STARTING, ACTIVE -> isLost(now);
      case STOPPING, STOPPED -> false;
    };
  }

  WorkItem claimed(String worker, Instant now) {
    return with(
        WorkState.QUEUED,
        notes -> {
          notes.remove(ACKNOWLEDGED);
          notes.remove(STARTED);
        },
        spec -> {
          spec.setHolderIdentity(worker);
          spec.setAcquireTime(zoned(now));
          spec.setRenewTime(null);
          spec.setLeaseDurationSeconds(TTL_SECONDS);
          spec.setLeaseTransitions(Objects.requireNonNullElse(spec.getLeaseTransitions(), 0) + 1);
        });
  }

  WorkItem acknowledged(Instant now) {
    return with(
        WorkState.STARTING, notes -> notes.put(ACKNOWLEDGED, EventCodec.timestamp(now)), _ -> {});
  }

  /**
   * The same after a heartbeat. No two of an item are of one time, so that each can be told from
   * the one before.
   *
   * @param wantedTtl in seconds; null to leave it
   */
  WorkItem beaten(@Nullable Integer wantedTtl, Instant now) {
    Instant next =
        heartbeatAt()
            .map(last -> last.plus(1, ChronoUnit.MICROS))
            .filter(now::isBefore)
            .orElse(now);
    return with(
        WorkState.ACTIVE,
        notes -> {
          notes.putIfAbsent(ACKNOWLEDGED, EventCodec.timestamp(next));
          notes.putIfAbsent(STARTED, EventCodec.timestamp(next));
        },
        spec -> {
          spec.setRenewTime(zoned(next));
          if (wantedTtl != null) {
            spec.setLeaseDurationSeconds(Math.clamp(wantedTtl, MIN_TTL, MAX_TTL));
          }
        });
  }

  /** Its worker is asked to stop; where none has begun there is nobody to ask. */
  WorkItem stopRequested(Instant now) {
    return heartbeatAt().isEmpty()
        ? stopped(now)
        : with(
            WorkState.STOPPING,
            notes -> notes.putIfAbsent(STOP_REQUESTED, EventCodec.timestamp(now)),
            _ -> {});
  }

  /** The same, over for good. */
  public WorkItem stopped(Instant now) {
    return with(
        WorkState.STOPPED,
        notes -> {
          notes.putIfAbsent(STOP_REQUESTED, EventCodec.timestamp(now));
          notes.put(STOPPED, EventCodec.timestamp(now));
        },
        _ -> {});
  }

  WorkItem labelled(Map<String, String> metadata) {
    return with(state(), notes -> notes.put(METADATA, json(metadata)), _ -> {});
  }

  /** Whether another says the same, be it of another version. */
  boolean saysTheSame(WorkItem other) {
    return uid().equals(other.uid())
        && lease.getMetadata().getAnnotations().equals(other.lease.getMetadata().getAnnotations())
        && lease.getSpec().equals(other.lease.getSpec());
  }

  private WorkItem with(
      WorkState state, Consumer<Map<String, String>> notes, Consumer<LeaseSpec> spec) {
    Lease next = new LeaseBuilder(lease).build();
    Map<String, String> annotations = new HashMap<>(next.getMetadata().getAnnotations());
    annotations.put(STATE, state.wireName());
    notes.accept(annotations);
    next.getMetadata().setAnnotations(annotations);
    spec.accept(next.getSpec());
    return new WorkItem(next);
  }

  private String note(String name) {
    Map<String, String> all = lease.getMetadata().getAnnotations();
    return all == null ? "" : all.getOrDefault(name, "");
  }

  private Optional<Instant> time(String name) {
    try {
      return Optional.of(note(name)).filter(text -> !text.isEmpty()).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static ZonedDateTime zoned(Instant time) {
    return time.atZone(ZoneOffset.UTC);
  }

  private static String json(Map<String, String> metadata) {
    try {
      return EventCodec.JSON.writeValueAsString(metadata);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("labels have no JSON form", e);
    }
  }
}
