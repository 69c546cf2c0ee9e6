package dev.rouse.harness.loop;

import dev.rouse.harness.decide.Step;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.SummaryRequest;
import dev.rouse.harness.model.TokenEstimate;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces what is past of the transcript with a summary by the model: for the model, not in the
 * log. Done when the context is nearly full ({@link Step.Compact}), or when the provider says that
 * it is.
 */
final class Compaction {

  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
  private static final String FAILED = "model_request_failed_error";

  /** A model that cannot read this much cannot go on with a summary either, in tokens. */
  private static final long LEAST = 500;

  private final Journal journal;
  private final ModelCalls calls;
  private final Questions questions;
  private final Ids ids;

  Compaction(Collaborators with, ModelCalls calls) {
    this.journal = with.journal();
    this.questions = with.questions();
    this.ids = with.ids();
    this.calls = calls;
  }

  void run(Step.Compact step) {
    summarise(journal.view().session().past(), step.limit(), step.takeUp());
  }

  /** Makes room after the provider refused a request as too long. */
  void after(ModelFailure refused) {
    SessionState session = journal.view().session();
    if (session.past().entries() == 0) {
      giveUp(refused, "the history cannot be made shorter: what is left of it waits for an answer");
      return;
    }
    summarise(
        session.past(), TokenEstimate.of(questions.request(session)).inputTokens() / 2, List.of());
  }

  /** The limit is a guess, by a count of characters: it is halved until the provider agrees. */
  private void summarise(SessionState.Past past, long limit, List<Event> takeUp) {
    Optional<ModelFailure> refused = calls.run(new Summary(past, limit, takeUp));
    for (long next = limit / 2; refused.isPresent() && next >= LEAST; next /= 2) {
      refused = calls.run(new Summary(past, next, List.of()));
    }
    refused.ifPresent(it -> giveUp(it, "even a short form of the history was refused"));
  }

  private void giveUp(ModelFailure refused, String why) {
    calls.giveUp(
        "compaction_limit_reached_error",
        "%s (%s). Send a shorter message to go on, or use a model with a larger context"
            .formatted(refused.getMessage(), why));
  }

  /** The request for a summary that shows so many tokens of history at most. */
  private final class Summary implements ModelCall {
    private final SessionState.Past past;
    private final long limit;
    private final List<Event> takeUp;

    Summary(SessionState.Past past, long limit, List<Event> takeUp) {
      this.past = past;
      this.limit = limit;
      this.takeUp = takeUp;
    }

    @Override
    public List<Event> takeUp() {
      return takeUp;
    }

    @Override
    public ModelRequest request(SessionState session, List<Event> beside) {
      return SummaryRequest.of(questions.request(session), past.entries(), limit);
    }

    @Override
    public Attempt begin(String span) {
      return answer -> store(span, past, answer);
    }
  }

  private void store(String span, SessionState.Past past, ModelAnswer answer) throws ModelFailure {
    String summary = ContentBlock.textOf(answer.content()).strip();
    if (answer.stop() == ModelAnswer.Stop.REFUSAL) {
      throw ModelFailure.terminal(FAILED, "the model refused to summarise the history");
    }
    if (summary.isEmpty()) {
      throw ModelFailure.retryable(FAILED, "the model gave no summary of the history", null, null);
    }
    LOG.atInfo()
        .addKeyValue("seq", journal.head())
        .log(
            "Compacted {} entries, up to record {}, into {} characters",
            past.entries(),
            past.throughSeq(),
            summary.length());
    calls.storeAtHead(_ ->
        List.of(
            new SpanEvent.ModelRequestEnd(ids.event(), span, false, answer.usage()),
            new InternalEvent.Compacted(ids.event(), past.throughSeq(), summary),
            new AgentEvent.ThreadContextCompacted(ids.event())));
  }
}
