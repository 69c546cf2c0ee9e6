package dev.rouse.harness.loop;

import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelProvider;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionError;
import dev.rouse.session.SessionError.RetryStatus;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the model until it answers: span start, request, answer, each attempt shown in the log. */
final class ModelCalls {

  private static final Logger LOG = LoggerFactory.getLogger(ModelCalls.class);

  private final Journal journal;
  private final Appender appender;
  private final ModelProvider model;
  private final Questions questions;
  private final Ending ending;
  private final Ids ids;
  private final Timing timing;
  private final RandomGenerator random;

  ModelCalls(Collaborators with, ModelProvider model) {
    this.journal = with.journal();
    this.appender = with.appender();
    this.questions = with.questions();
    this.ending = with.ending();
    this.ids = with.ids();
    this.timing = with.timing();
    this.random = with.random();
    this.model = model;
  }

  /**
   * Makes {@code call}. Returns when its answer is in the log, when a client interrupted it, or
   * when the turn was given up.
   *
   * @return the failure, if the request is longer than the model's context; nothing stands open
   *     then
   */
  Optional<ModelFailure> run(ModelCall call) {
    List<Event> takeUp = call.takeUp();
    for (int attempt = 1; ; attempt++) {
      if (attempt > 1 && journal.view().session().isBudgetReached()) {
        return Optional.empty();
      }
      Optional<String> span = start(call, takeUp);
      Optional<ModelFailure> failed = span.flatMap(it -> ask(call, it));
      if (failed.isEmpty()) {
        return Optional.empty();
      }
      takeUp = List.of();
      ModelFailure failure = failed.get();
      LOG.atWarn()
          .log(
              "A model request failed, attempt {}, {}, {}: {}",
              attempt,
              failure.errorType(),
              failure.isRetryable() ? "may be repeated" : "for good",
              failure.getMessage());
      if (failure.isTooLong()) {
        return closed() ? failed : Optional.empty();
      }
      if (!failure.isRetryable() || attempt == timing.modelAttempts()) {
        giveUp(failure.errorType(), String.valueOf(failure.getMessage()));
        return Optional.empty();
      }
      if (!reschedule(failure) || interruptedWithin(delay(failure, attempt))) {
        return Optional.empty();
      }
    }
  }

  private Optional<String> start(ModelCall call, List<Event> takeUp) {
    SessionState session = journal.view().session();
    List<Event> events = new ArrayList<>();
    ending.closeSpan(events, session, questions.charge(session));
    switch (session.phase()) {
      case RESCHEDULING -> ending.running(events, session);
      case PENDING, IDLE, RUNNING, TERMINATED -> {}
    }
    events.addAll(takeUp);
    String span = ids.event();
    ModelUsage most =
        session.budget() == null ? null : Questions.most(session, call.request(session, takeUp));
    events.add(new SpanEvent.ModelRequestStart(span, most));
    return stored(appender.append(events)) ? Optional.of(span) : Optional.empty();
  }

  private Optional<ModelFailure> ask(ModelCall call, String span) {
    ModelRequest request = call.request(journal.view().session(), List.of());
    questions.asked(span, request);
    ModelCall.Attempt attempt = call.begin(span);
    Task<ModelAnswer> task =
        Task.start(
            "model", () -> model.stream(request, new Counting(span, attempt, questions)), journal);
    Optional<Task.Ending<ModelAnswer>> ended;
    try {
      ended = journal.awaitUnlessInterrupted(task::ending);
    } finally {
      task.abandon();
      attempt.close();
    }
    return switch (ended.orElse(null)) {
      case null -> Optional.empty();
      case Task.Ending.Value<ModelAnswer>(ModelAnswer answer) -> answered(span, attempt, answer);
      case Task.Ending.Failure<ModelAnswer>(ModelFailure failure) -> Optional.of(failure);
      case Task.Ending.Failure<ModelAnswer>(Throwable defect) ->
          throw Halt.internal("the model's provider failed unexpectedly: " + defect, defect);
    };
  }

  private Optional<ModelFailure> answered(
      String span, ModelCall.Attempt attempt, ModelAnswer answer) {
    questions.counted(span, answer.usage());
    LOG.atInfo().log(
        "The model answered: {}, {} calls, {} tokens read, {} written",
        answer.stop(),
        answer.calls().size(),
        answer.usage().inputTokens(),
        answer.usage().outputTokens());
    try {
      attempt.answered(answer);
      return Optional.empty();
    } catch (ModelFailure useless) {
      return Optional.of(useless);
    }
  }

  private boolean closed() {
    SessionState session = journal.view().session();
    List<Event> events = new ArrayList<>();
    ending.closeSpan(events, session, questions.failed(session));
    return stored(appender.append(events));
  }

  private boolean reschedule(ModelFailure failure) {
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
  boolean stored(Appender.Result result) {
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

  /**
   * Composes events for the head and appends them there, anew whenever something came in between.
   *
   * @return false if they are not in the log because an interrupt goes first
   */
  boolean storeAtHead(Function<SessionState, List<Event>> events) {
    Optional<Appender.Result> result = atHead(events);
    result.ifPresent(this::stored);
    return result.isPresent();
  }

  /** The turn is dead; the session rests and can be used again. An interrupt goes first. */
  void giveUp(String errorType, String message) {
    SessionError error = SessionError.of(errorType, message, RetryStatus.EXHAUSTED);
    Optional<Appender.Result> result =
        atHead(session -> ending.giveUp(session, error, questions.failed(session)));
    if (result.orElse(null) instanceof Appender.Result.Declined(_, String why)) {
      throw Halt.internal("even idle was refused: " + why, null);
    }
  }

  /** Stored, or declined by a log that is full; empty if an interrupt goes first. */
  private Optional<Appender.Result> atHead(Function<SessionState, List<Event>> events) {
    while (true) {
      SessionState session = journal.view().session();
      if (session.pendingInterrupt().isPresent()) {
        return Optional.empty();
      }
      Appender.Result result = appender.appendAt(session.head(), events.apply(session));
      if (!(result instanceof Appender.Result.Declined(Code code, _)) || code == Code.LOG_FULL) {
        return Optional.of(result);
      }
    }
  }

  /** Counts what comes in, and passes it on. */
  private record Counting(String span, ModelProvider.Listener next, Questions questions)
      implements ModelProvider.Listener {

    @Override
    public void thinking() {
      questions.heard(span, 0);
      next.thinking();
    }

    @Override
    public void text(int index, String piece) {
      questions.heard(span, piece.length());
      next.text(index, piece);
    }

    @Override
    public void usage(ModelUsage soFar) {
      questions.counted(span, soFar);
      next.usage(soFar);
    }
  }
}
