package dev.rouse.e2e.node;

import static dev.rouse.e2e.evidence.EvidenceAssert.assertThatEvidence;

import dev.rouse.e2e.cluster.SessionView;
import dev.rouse.e2e.cluster.WorkGate;
import dev.rouse.e2e.evidence.EvidenceAssert;
import dev.rouse.e2e.proxy.Hold;
import dev.rouse.e2e.wire.Ack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A worker's session that stands in the middle of its work, with hands that have done the first of
 * its two pieces. What it did is counted by what the tool left, by the model's own books, and by
 * what its client was promised.
 */
final class AtWork {

  /** Where it stands. */
  enum Moment {
    /** The model has begun its second answer and does not go on. */
    MODEL("a model call runs"),
    /** The second tool call waits at a pipe. */
    TOOL("a tool call runs");

    private final String label;

    Moment(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** How its second call ends. */
  enum SecondCall {
    DONE,
    /** The sandbox was told to end, and said of the call that it was ended with it. */
    STOPPED,
    /** Nobody can know. */
    UNKNOWN
  }

  private static final String MORE = "How many lines?";

  private final PodSession session;
  private final String text;
  private final Moment moment;
  private final Hold hold;
  private final Optional<Path> gate;
  private final List<Ack> acks = new ArrayList<>();

  private AtWork(PodSession session, String text, Moment moment, Hold hold, Optional<Path> gate) {
    this.session = session;
    this.text = text;
    this.moment = moment;
    this.hold = hold;
    this.gate = gate;
  }

  /** Makes one; returns when it stands there. No two may have the same name. */
  static AtWork at(Moment moment, Team team, String name, String environment)
      throws IOException, InterruptedException {
    String text = team.name() + "/" + name + (moment == Moment.TOOL ? " hold" : "");
    Hold hold =
        team.bed()
            .model()
            .door()
            .hold(
                name,
                Hold.When.DURING,
                request ->
                    moment == Moment.MODEL
                        && request.body().contains(text)
                        && request.body().contains("first is done"));
    PodSession session = team.session(name, "worker", environment, text);
    switch (moment) {
      case MODEL -> hold.awaitHit(SessionView.PATIENCE);
      case TOOL -> new WorkGate(session).awaitReached();
    }
    return new AtWork(session, text, moment, hold, session.file("gate"));
  }

  PodSession session() {
    return session;
  }

  /** Tells it more; it takes that up when the work is done. */
  void tellMore() throws IOException {
    try (ApiClient api = session.team().api()) {
      acks.add(api.send(session.uid(), MORE));
    }
  }

  /** Lets it go on. */
  void goOn() throws IOException {
    switch (moment) {
      case MODEL -> hold.release();
      case TOOL -> WorkGate.open(gate.orElseThrow());
    }
  }

  /** What was on its way is lost, with whoever waited for it. */
  void lose() {
    hold.drop();
  }

  /**
   * Waits for the end and checks it: everything done once, and everything that was promised kept.
   */
  EvidenceAssert judge(SecondCall second) throws IOException {
    String answer =
        second == SecondCall.DONE
            ? "Both pieces are done: " + text
            : "Both pieces are done, as works.log shows: " + text;
    boolean more = !acks.isEmpty();
    session.awaitAnswer(more ? "works.log has 2 lines." : answer);
    session.awaitNoPods();
    session.assertKept(acks);
    List<String> turns = new ArrayList<>(List.of("first", "second"));
    turns.addAll(
        second == SecondCall.DONE
            ? List.of("answer")
            : List.of("second-look", "answer-after-look"));
    turns.addAll(more ? List.of("more", "tell") : List.of());
    return assertThatEvidence(session.evidence(text))
        .hasAnUnbrokenLog()
        .eachWakeHasAPodOfItsOwn()
        .everyToolUseHasOneResult()
        .executed("first", "second")
        .executionsAreThoseOfTheLog()
        .saysUnknown(second == SecondCall.UNKNOWN ? 1 : 0)
        .answeredOnce(answer)
        .modelPlayedInOrder(turns)
        .restsInAgreement();
  }
}
