package dev.rouse.harness.loop;

import dev.rouse.harness.decide.Step;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelProvider;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.policy.PolicyJudge;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionError;
import dev.rouse.session.SessionError.RetryStatus;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer of the model: span start, request, answer, each attempt shown in the log. Returns when
 * the answer is in the log, when a client interrupted it, or when the turn was given up.
 */
final class ModelTurn {

  private static final Logger LOG = LoggerFactory.getLogger(ModelTurn.class);

  private final Journal journal;
  private final Appender appender;
  private final ModelProvider model;
  private final Questions questions;
  private final Answers answers;
  private final Ending ending;
  private final HandsLink hands;
  private final Previews previews;
  private final Ids ids;
  private final Timing timing;
  private final RandomGenerator random;

  /** Opens the previews of one answer. */
  @FunctionalInterface
  interface Previews {

    /** The previews of the model request with this id. */
    DeltaSender open(String span);
  }

  ModelTurn(
      Collaborators with,
      ModelProvider model,
      PolicyJudge judge,
      HandsLink hands,
      Previews previews) {
    this.journal = with.journal();
    this.appender = with.appender();
    this.questions = with.questions();
    this.ending = with.ending();
    this.ids = with.ids();
    this.timing = with.timing();
    this.random = with.random();
    this.answers = new Answers(ids, judge);
    this.model = model;
    this.hands = hands;
    this.previews = previews;
  }

  private sealed interface Attempt {
    record Settled() implements Attempt {}

    record Failed(ModelFailure failure) implements Attempt {}
  }

  void run(Step.CallModel step) {
    List<Event> takeUp = step.takeUp();
    for (int attempt = 1; ; attempt++) {
      if (attempt > 1 && journal.view().session().isBudgetReached()) {
        return;
      }
      Optional<Answers.Under> under = start(takeUp);
      if (under.isEmpty()) {
        return;
      }
      takeUp = List.of();
      if (!(ask(under.get()) instanceof Attempt.Failed failed)) {
        return;
      }
      ModelFailure failure = failed.failure();
      LOG.atWarn()
          .log(
              "A model request failed, attempt {}, {}, {}: {}",
              attempt,
              failure.errorType(),
              failure.isRetryable() ? "may be repeated" : "for good",
              failure.getMessage());
      if (!failure.isRetryable() || attempt == timing.modelAttempts()) {
        giveUp(failure.errorType(), String.valueOf(failure.getMessage()));
        return;
      }
      if (!reschedule(under.get(), failure) || interruptedWithin(delay(failure, attempt))) {
        return;
      }
    }
  }

  private Optional<Answers.Under> start(List<Event> takeUp) {
    SessionState session = journal.view().session();
    List<Event> events = new ArrayList<>();
    ending.closeSpan(events, session, questions.charge(session));
    switch (session.phase()) {
      case RESCHEDULING -> ending.running(events, session);
      case PENDING, IDLE, RUNNING, TERMINATED -> {}
    }
    events.addAll(takeUp);
    Answers.Under under = answers.under(ids.event());
    events.add(new SpanEvent.ModelRequestStart(under.span(), questions.most(session, takeUp)));
    return stored(appender.append(events)) ? Optional.of(under) : Optional.empty();
  }

  private Attempt ask(Answers.Under under) {
    SessionState session = journal.view().session();
    ModelRequest request = questions.request(session);
    questions.asked(under.span());
    DeltaSender deltas = previews.open(under.span());
    Task<ModelAnswer> task =
        Task.start(
            "model", () -> model.stream(request, new Hearing(under, deltas, questions)), journal);
    Optional<Task.Ending<ModelAnswer>> ended;
    try {
      ended = journal.awaitUnlessInterrupted(task::ending);
    } finally {
      task.abandon();
      deltas.close();
    }
    return switch (ended.orElse(null)) {
      case null -> new Attempt.Settled();
      case Task.Ending.Value<ModelAnswer>(ModelAnswer answer) -> answered(under, answer);
      case Task.Ending.Failure<ModelAnswer>(ModelFailure failure) -> new Attempt.Failed(failure);
      case Task.Ending.Failure<ModelAnswer>(Throwable defect) ->
          throw Halt.internal("the model's provider failed unexpectedly: " + defect, defect);
    };
  }

  private Attempt answered(Answers.Under under, ModelAnswer answer) {
    questions.counted(under.span(), answer.usage());
    LOG.atInfo().log(
        "The model answered: {}, {} calls, {} tokens read, {} written",
        answer.stop(),
        answer.calls().size(),
        answer.usage().inputTokens(),
        answer.usage().outputTokens());
    while (true) {
      SessionState session = journal.view().session();
      List<Event> events =
          answers.events(
              under,
              answer,
              questions.toolbox(session),
              hands.knownInstance(),
              session.selfHosted());
      boolean refused = answer.stop() == ModelAnswer.Stop.REFUSAL && !journal.isInterrupted();
      if (refused) {
        ending.idle(events, session, answer.usage(), StopReason.REFUSAL, answer.stopDetails());
      }
      Appender.Result result =
          refused ? appender.appendAt(session.head(), events) : appender.append(events);
      if (!refused
          || !(result instanceof Appender.Result.Declined(Code code, _))
          || code == Code.LOG_FULL) {
        stored(result);
        return new Attempt.Settled();
      }
    }
  }

  private boolean reschedule(Answers.Under under, ModelFailure failure) {
    SessionState session = journal.view().session();
    List<Event> events = new ArrayList<>();
    ending.closeSpan(events, session, questions.failed(session));
    events.add(
        new SessionEvent.ErrorRaised(
            ids.event(),
            SessionError.of(
                failure.errorType(), String.valueOf(failure.getMessage()), RetryStatus.RETRYING)));
    ending.rescheduled(events, session);
    return stored(appender.append(events));
  }

  private Duration delay(ModelFailure failure, int attempt) {
    Duration jittered = timing.modelRetry().delay(attempt, random);
    Duration wish = failure.retryAfter();
    return wish != null && wish.compareTo(jittered) > 0 ? wish : jittered;
  }

  private boolean interruptedWithin(Duration delay) {
    return journal
        .await(() -> journal.isInterrupted() ? Optional.of(true) : Optional.empty(), delay)
        .isPresent();
  }

  /** Whether a commit was stored; one that found the log full ends the turn. */
  private boolean stored(Appender.Result result) {
    return switch (result) {
      case Appender.Result.Stored _ -> true;
      case Appender.Result.Declined(Code code, String message) -> {
        if (code == Code.LOG_FULL) {
          giveUp("unknown_error", message);
        }
        yield false;
      }
    };
  }

  /** The turn is dead; the session rests and can be used again. An interrupt goes first. */
  private void giveUp(String errorType, String message) {
    while (!journal.isInterrupted()) {
      SessionState session = journal.view().session();
      ModelUsage usage = questions.failed(session);
      SessionError error = SessionError.of(errorType, message, RetryStatus.EXHAUSTED);
      switch (appender.appendAt(session.head(), ending.giveUp(session, error, usage))) {
        case Appender.Result.Stored _ -> {
          return;
        }
        case Appender.Result.Declined(Code code, String why) -> {
          if (code == Code.LOG_FULL) {
            throw Halt.internal("even idle was refused: " + why, null);
          }
        }
      }
    }
  }

  /** Passes on what comes in while the model speaks. */
  private static final class Hearing implements ModelProvider.Listener {
    private final Answers.Under under;
    private final DeltaSender deltas;
    private final Questions questions;
    private boolean spoke;

    Hearing(Answers.Under under, DeltaSender deltas, Questions questions) {
      this.under = under;
      this.deltas = deltas;
      this.questions = questions;
    }

    @Override
    public void thinking() {
      questions.heard(under.span(), 0);
      deltas.started("agent.thinking", under.thinking());
    }

    @Override
    public void text(int index, String piece) {
      if (!spoke) {
        spoke = true;
        deltas.started("agent.message", under.message());
      }
      questions.heard(under.span(), piece.length());
      deltas.text(under.message(), index, piece);
    }

    @Override
    public void usage(ModelUsage soFar) {
      questions.counted(under.span(), soFar);
    }
  }
}
