package dev.rouse.devcluster.model.stage;

import dev.rouse.devcluster.model.ledger.Call;
import dev.rouse.devcluster.model.ledger.Call.Outcome;
import dev.rouse.devcluster.model.ledger.Ledger;
import dev.rouse.devcluster.model.script.Pace;
import dev.rouse.devcluster.model.script.Trouble;
import dev.rouse.devcluster.model.script.Turn;
import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Fingerprint;
import java.util.Optional;

/** One call being answered: what to say and how it must go; a protocol only has to write it. */
public final class Performance {

  private final Call call;
  private final Turn turn;
  private final Answer answer;
  private final Ledger ledger;

  Performance(Call call, Turn turn, Answer answer, Ledger ledger) {
    this.call = call;
    this.turn = turn;
    this.answer = answer;
    this.ledger = ledger;
  }

  public Answer answer() {
    return answer;
  }

  public Pace pace() {
    return turn.pace();
  }

  /** What goes wrong with this call, if anything. */
  public Optional<Trouble> trouble() {
    return turn.troubles().at(call.attempt());
  }

  /**
   * To be called just before the last piece of the answer is written: from then on the caller may
   * know all of it, and may refer to it even if this process dies at once.
   */
  public void aboutToEnd() {
    ledger.say(call, Fingerprint.answer(answer.parts()));
  }

  /** To be called when the call is over; only the first time counts. */
  public void ended(Outcome outcome) {
    ledger.end(call, outcome);
  }
}
