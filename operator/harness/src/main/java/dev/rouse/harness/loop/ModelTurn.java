package dev.rouse.harness.loop;

import dev.rouse.harness.decide.Step;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.policy.PolicyJudge;
import dev.rouse.session.Event;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import java.util.List;
import java.util.Optional;

/** The model's next answer in the conversation: its words, its calls, its previews. */
final class ModelTurn {

  private final Journal journal;
  private final Appender appender;
  private final ModelCalls calls;
  private final Questions questions;
  private final Answers answers;
  private final Ending ending;
  private final HandsLink hands;
  private final Previews previews;

  /** Opens the previews of one answer. */
  @FunctionalInterface
  interface Previews {

    /** The previews of the model request with this id. */
    DeltaSender open(String span);
  }

  ModelTurn(
      Collaborators with, ModelCalls calls, PolicyJudge judge, HandsLink hands, Previews previews) {
    this.journal = with.journal();
    this.appender = with.appender();
    this.questions = with.questions();
    this.ending = with.ending();
    this.answers = new Answers(with.ids(), judge);
    this.calls = calls;
    this.hands = hands;
    this.previews = previews;
  }

  /**
   * Asks for the answer.
   *
   * @return the failure, if the transcript is longer than the model's context
   */
  Optional<ModelFailure> run(Step.CallModel step) {
    return calls.run(
        new ModelCall() {
          @Override
          public List<Event> takeUp() {
            return step.takeUp();
          }

          @Override
          public ModelRequest request(SessionState session, List<Event> takeUp) {
            return questions.request(session).saying(takeUp);
          }

          @Override
          public Attempt begin(String span) {
            return new Speaking(answers.under(span), previews.open(span));
          }
        });
  }

  private final class Speaking implements ModelCall.Attempt {
    private final Answers.Under under;
    private final DeltaSender deltas;
    private boolean spoke;

    Speaking(Answers.Under under, DeltaSender deltas) {
      this.under = under;
      this.deltas = deltas;
    }

    @Override
    public void thinking() {
      deltas.started("agent.thinking", under.thinking());
    }

    @Override
    public void text(int index, String piece) {
      if (!spoke) {
        spoke = true;
        deltas.started("agent.message", under.message());
      }
      deltas.text(under.message(), index, piece);
    }

    @Override
    public void close() {
      deltas.close();
    }

    @Override
    public void answered(ModelAnswer answer) {
      boolean refused = answer.stop() == ModelAnswer.Stop.REFUSAL;
      if (refused && calls.storeAtHead(session -> refusal(session, answer))) {
        return;
      }
      calls.stored(appender.append(events(journal.view().session(), answer)));
    }

    private List<Event> events(SessionState session, ModelAnswer answer) {
      return answers.events(
          under, answer, questions.toolbox(session), hands.knownInstance(), session.selfHosted());
    }

    private List<Event> refusal(SessionState session, ModelAnswer answer) {
      List<Event> events = events(session, answer);
      ending.idle(events, session, answer.usage(), StopReason.REFUSAL, answer.stopDetails());
      return events;
    }
  }
}
