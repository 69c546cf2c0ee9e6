package dev.rouse.controller.session;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.controller.Settings;
import dev.rouse.controller.condition.Conditions;
import dev.rouse.controller.event.EventRecorder;
import dev.rouse.controller.isolation.PolicyKeeper;
import dev.rouse.controller.isolation.SandboxPolicies;
import dev.rouse.controller.metrics.PodMeters;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a brain while a session is due, and hands while the brain wants them.
 *
 * <ol>
 *   <li>observe: references, pods, what the server says ({@link Observer})
 *   <li>decide: pure, from what was observed alone ({@link BrainDecision}, {@link HandsDecision})
 *   <li>start: see that the namespace has its policies, then claim pods by creating their numbered
 *       names ({@link Starter})
 *   <li>write the status, at the version that was read: from here on the new pod is the brain
 *   <li>end pods that the status does not name
 *   <li>tell people what happened ({@link News}); on the way it is counted ({@link PodNotes})
 * </ol>
 *
 * An operator that dies between any two of these finds the rest when it looks again.
 */
@ControllerConfiguration(name = "session", generationAwareEventProcessing = false)
public final class SessionReconciler implements Reconciler<Session> {

  /**
   * For a new session, in which the server usually writes record 0: spares a status nobody reads.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final PodTemplates templates;
  private final SandboxPolicies policies;
  private final Timing timing;
  private final Clock clock;
  private final Conditions conditions;
  private final EventRecorder events;
  private final PodNotes pods;

  private @Nullable Steps steps;

  /** The reconciler that {@code settings} ask for. */
  public static SessionReconciler of(
      Settings settings, Clock clock, EventRecorder events, PodMeters meters) {
    return new SessionReconciler(
        PodTemplates.of(settings),
        new SandboxPolicies(settings.isolation(), HandsDecision.PORT),
        Timing.of(settings),
        clock,
        events,
        meters);
  }

  /** Whether a change of a Session may change what is to be done. */
  public static boolean concerns(Session now, Session before) {
    return SessionSources.concerns(now, before);
  }

  SessionReconciler(
      PodTemplates templates,
      SandboxPolicies policies,
      Timing timing,
      Clock clock,
      EventRecorder events,
      PodMeters meters) {
    this.templates = templates;
    this.policies = policies;
    this.timing = timing;
    this.clock = clock;
    this.conditions = new Conditions(clock);
    this.events = events;
    this.pods = new PodNotes(meters);
  }

  /** What is known only once the event sources exist. */
  private record Steps(Observer observer, Starter starter, StatusWriter writer, Ender ender) {}

  @Override
  public List<EventSource<?, Session>> prepareEventSources(EventSourceContext<Session> context) {
    SessionSources sources = new SessionSources(context);
    OwnedObjects objects = new OwnedObjects(context.getClient());
    steps =
        new Steps(
            new Observer(sources::pods, sources, objects, clock),
            new Starter(
                context.getClient(),
                objects,
                new PolicyKeeper(context.getClient(), policies, sources),
                templates,
                sources::created),
            new StatusWriter(),
            new Ender(objects));
    return sources.all();
  }

  @Override
  public UpdateControl<Session> reconcile(Session session, Context<Session> context) {
    if (session.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    Steps step = Objects.requireNonNull(steps, "reconciled before event sources were prepared");
    Scene scene = step.observer().observe(session);
    pods.observed(scene);
    if (isTooNewToJudge(scene)) {
      return UpdateControl.<Session>noUpdate().rescheduleAfter(PATIENCE);
    }
    BrainDecision brain =
        BrainDecision.of(scene.harness(), scene.brain(), scene.work(), timing, scene.now());
    HandsDecision hands = HandsDecision.of(scene.handsSituation(), timing, scene.now());
    Starter.Started started = step.starter().start(scene, brain, hands);
    started.problem().ifPresent(pods::refused);
    SessionStatus status = status(scene, brain, hands, started);
    boolean changed = !status.equals(StatusWriter.ours(session.getStatus()));
    if (changed && step.writer().write(session, status, context).isEmpty()) {
      return UpdateControl.<Session>noUpdate().rescheduleAfter(StatusWriter.AFTER_CONFLICT);
    }
    if (changed) {
      pods.written(scene, status);
    }
    boolean ended = step.ender().end(scene, status, brain.end(), changed);
    News.of(scene, brain, hands, started, status).forEach(note -> events.record(session, note));
    return again(scene, brain, hands, started, ended);
  }

  private boolean isTooNewToJudge(Scene scene) {
    Instant created = Instant.parse(scene.session().getMetadata().getCreationTimestamp());
    boolean silent = scene.status().map(it -> it.conditions().isEmpty()).orElse(true);
    return silent
        && !scene.work().recorded()
        && scene.references().backing().isPresent()
        && Duration.between(created, scene.now()).compareTo(PATIENCE) < 0;
  }

  private SessionStatus status(
      Scene scene, BrainDecision brain, HandsDecision hands, Starter.Started started) {
    Long generation = scene.session().getMetadata().getGeneration();
    Harness harness = started.brain().orElse(brain.harness());
    Hands hand = started.hands().orElse(hands.hands());
    Stream<Problem> problems =
        Stream.of(
                started.problem(),
                Optional.ofNullable(brain.problem()),
                Optional.ofNullable(hands.problem()))
            .flatMap(Optional::stream);
    return StatusWriter.status(
        harness,
        hand,
        generation,
        conditions.merge(
            scene.status().map(SessionStatus::conditions).orElse(List.of()),
            SessionSources.forkRefused(scene.session())
                .filter(_ -> !scene.work().recorded())
                .map(Verdict::forkRefused)
                .orElseGet(() ->
                    Verdict.of(
                        scene.references(), scene.work(), started.key().orElse(null), problems)),
            generation));
  }

  private UpdateControl<Session> again(
      Scene scene,
      BrainDecision brain,
      HandsDecision hands,
      Starter.Started started,
      boolean ended) {
    boolean asked =
        started.key().isPresent() || started.problem().isPresent() || scene.workspace() != null;
    return Stream.of(
            Optional.ofNullable(brain.again()),
            Optional.ofNullable(hands.again()),
            asked ? Optional.of(timing.recheck()) : Optional.<Duration>empty(),
            ended ? Optional.<Duration>empty() : Optional.of(StatusWriter.AFTER_CONFLICT))
        .flatMap(Optional::stream)
        .min(Duration::compareTo)
        .map(it -> UpdateControl.<Session>noUpdate().rescheduleAfter(it))
        .orElseGet(UpdateControl::noUpdate);
  }
}
