package dev.rouse.e2e.kill;

import static dev.rouse.e2e.kill.Blow.BRAIN;
import static dev.rouse.e2e.kill.Blow.FREEZE;
import static dev.rouse.e2e.kill.Blow.HANDS;
import static dev.rouse.e2e.kill.Blow.SERVER;
import static dev.rouse.e2e.kill.KillPoint.AFTER_IDLE;
import static dev.rouse.e2e.kill.KillPoint.BEFORE_WAKE;
import static dev.rouse.e2e.kill.KillPoint.EXECUTION;
import static dev.rouse.e2e.kill.KillPoint.MODEL_STREAM;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One point and one blow, and what must come of them.
 *
 * @param prefix what the session's name begins with; the model's books tell conversations apart by
 *     their first message, so no two cases may say the same
 */
record KillCase(KillPoint point, Blow blow, String prefix) {

  KillCase(KillPoint point, Blow blow) {
    this(point, blow, "");
  }

  /** What a session is told that goes on after its first turn; see the script. */
  static final String MORE = "How many lines?";

  static final String MORE_ANSWER = "works.log has 2 lines.";

  /** Every case, or those whose session's name fits {@code -Drouse.kill=REGEX}. */
  static List<KillCase> all() {
    Pattern wanted = Pattern.compile(System.getProperty("rouse.kill", ".*"));
    return Arrays.stream(Blow.values())
        .flatMap(blow ->
            Arrays.stream(KillPoint.values())
                .filter(blow::isPossibleAt)
                .map(point -> new KillCase(point, blow)))
        .filter(kill -> wanted.matcher(kill.session()).matches())
        .toList();
  }

  /** The name of its session. */
  String session() {
    return prefix + (blow.name() + "-" + point.name()).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What its session is told; no other is told the same. */
  String message() {
    return point.message(session());
  }

  /** Whether the model only learns that nobody knows how a call ended. */
  boolean losesAnOutcome() {
    return point == EXECUTION && blow == HANDS;
  }

  /** Whether only a second message brings a second brain: the work was done already. */
  boolean needsMore() {
    return point == AFTER_IDLE && blow == FREEZE;
  }

  String answer() {
    return losesAnOutcome()
        ? "Both pieces are done, as works.log shows: " + message()
        : "Both pieces are done: " + message();
  }

  /**
   * How often the session wakes. A brain that never woke, or had nothing left to do, costs none.
   */
  int wakes() {
    boolean another = (blow == BRAIN && point != AFTER_IDLE) || blow == FREEZE;
    return another && point != BEFORE_WAKE ? 2 : 1;
  }

  /**
   * How often it may wake. The status trails the log: who dies right after the idle commit may
   * leave a session that looks due, and the brain that is started for it finds nothing to do.
   */
  int wakesAtMost() {
    return point == AFTER_IDLE && (blow == BRAIN || blow == SERVER) ? 2 : wakes();
  }

  /** The model's calls. Only what was cut off in its stream is asked again. */
  List<String> modelTurns() {
    List<String> turns = new ArrayList<>(List.of("first", "second"));
    if (point == MODEL_STREAM && (blow == BRAIN || blow == FREEZE)) {
      turns.addFirst("first");
    }
    turns.addAll(
        losesAnOutcome() ? List.of("second-look", "answer-after-look") : List.of("answer"));
    if (needsMore()) {
      turns.addAll(List.of("more", "tell"));
    }
    return turns;
  }

  @Override
  public String toString() {
    return point + " × " + blow;
  }
}
