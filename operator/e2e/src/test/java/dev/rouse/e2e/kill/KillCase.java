package dev.rouse.e2e.kill;

import static dev.rouse.e2e.kill.Blow.BRAIN;
import static dev.rouse.e2e.kill.Blow.FREEZE;
import static dev.rouse.e2e.kill.Blow.HANDS;
import static dev.rouse.e2e.kill.Blow.OPERATOR;
import static dev.rouse.e2e.kill.Blow.SERVER;
import static dev.rouse.e2e.kill.KillPoint.AFTER_IDLE;
import static dev.rouse.e2e.kill.KillPoint.BEFORE_WAKE;
import static dev.rouse.e2e.kill.KillPoint.EXECUTION;
import static dev.rouse.e2e.kill.KillPoint.MODEL_STREAM;

import dev.rouse.e2e.cluster.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One point and one blow, and what must come of them.
 *
 * @param client who makes the session and speaks to it
 * @param prefix what the session's name begins with; the model's books tell conversations apart by
 *     their first message, so no two cases may say the same
 */
record KillCase(KillPoint point, Blow blow, Client client, String prefix) implements Case {

  KillCase(KillPoint point, Blow blow, Client client) {
    this(point, blow, client, client == Client.API ? "api-" : "");
  }

  /** Who makes the session and speaks to it. */
  enum Client {
    /** With kubectl, through the object. */
    KUBECTL,
    /** With an SDK, through the HTTP API. Speaks a second time, at the point itself if it can. */
    API
  }

  /** When the session is told {@link #MORE}. */
  enum More {
    NEVER,
    AT_THE_POINT,
    AFTER_THE_ANSWER
  }

  /** What a session is told that goes on after its first turn; see the script. */
  static final String MORE = "How many lines?";

  static final String MORE_ANSWER = "works.log has 2 lines.";

  private static final int DRAWN_OF_SERVER = 6;
  private static final int DRAWN_OF_ANOTHER = 1;

  /** Every case, or those whose session's name fits {@code -Drouse.kill=REGEX}. */
  private static List<KillCase> all() {
    Pattern wanted = Pattern.compile(System.getProperty("rouse.kill", ".*"));
    return Arrays.stream(Client.values())
        .flatMap(KillCase::of)
        .filter(kill -> wanted.matcher(kill.session()).matches())
        .toList();
  }

  /**
   * Those of a store: all over ConfigMaps, or if the lot is for the whole; else so many of each
   * blow, drawn, most of them of the server, which alone knows the store.
   */
  static List<KillCase> of(Store store, Lot lot) {
    List<KillCase> all = all();
    if (store instanceof Store.ConfigMaps) {
      return all;
    }
    return Arrays.stream(Blow.values())
        .flatMap(blow ->
            lot
                .draw(
                    blow == SERVER ? DRAWN_OF_SERVER : DRAWN_OF_ANOTHER,
                    all.stream().filter(it -> it.blow() == blow).toList())
                .stream())
        .toList();
  }

  private static Stream<KillCase> of(Client client) {
    return Arrays.stream(Blow.values())
        .flatMap(blow ->
            Arrays.stream(KillPoint.values())
                .filter(blow::isPossibleAt)
                .map(point -> new KillCase(point, blow, client)))
        .filter(kill -> client == Client.API || kill.isWorthRepeating());
  }

  /**
   * Where it matters that messages stand in an object: what delivers them dies, or has to go on.
   */
  private boolean isWorthRepeating() {
    return switch (blow) {
      case SERVER -> point == BEFORE_WAKE || point == AFTER_IDLE;
      case BRAIN -> point == EXECUTION || point == AFTER_IDLE;
      case OPERATOR, FREEZE -> point == AFTER_IDLE;
      case HANDS -> false;
    };
  }

  @Override
  public String session() {
    return prefix + (blow.name() + "-" + point.name()).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String where() {
    return client == Client.API ? point.toString() : point + ", told by kubectl";
  }

  /** What its session is told; no other is told the same. */
  String message() {
    return point.message(session());
  }

  /** Whether the model only learns that nobody knows how a call ended. */
  boolean losesAnOutcome() {
    return point == EXECUTION && blow == HANDS;
  }

  /**
   * When it is told more. A case of a frozen brain at the end needs it: only that brings a second
   * brain, as the work was done. A message before the first was taken up would be of its turn.
   */
  More more() {
    return switch (client) {
      case KUBECTL -> point == AFTER_IDLE && blow == FREEZE ? More.AT_THE_POINT : More.NEVER;
      case API -> point.compareTo(MODEL_STREAM) < 0 ? More.AFTER_THE_ANSWER : More.AT_THE_POINT;
    };
  }

  String answer() {
    return losesAnOutcome()
        ? "Both pieces are done, as works.log shows: " + message()
        : "Both pieces are done: " + message();
  }

  /** What it answers last. */
  String lastAnswer() {
    return more() == More.NEVER ? answer() : MORE_ANSWER;
  }

  /** Everything that it is told. */
  String[] messages() {
    return more() == More.NEVER ? new String[] {message()} : new String[] {message(), MORE};
  }

  /**
   * How often the session wakes. A brain that never woke, or had nothing left to do, costs none.
   */
  int wakes() {
    boolean nothingLeft = point == AFTER_IDLE && more() == More.NEVER;
    boolean another = (blow == BRAIN && !nothingLeft) || blow == FREEZE;
    return another && point != BEFORE_WAKE ? 2 : 1;
  }

  /**
   * How often it may wake. The status trails the log: who dies right after the idle commit may
   * leave a session that looks due, and the brain that is started for it finds nothing to do. A
   * second message may come before or after the brain of the first has gone.
   */
  int wakesAtMost() {
    return switch (client) {
      case KUBECTL -> point == AFTER_IDLE && (blow == BRAIN || blow == SERVER) ? 2 : wakes();
      case API -> wakes() + 1;
    };
  }

  /** The model's calls. Only what was cut off in its stream is asked again. */
  List<String> modelTurns() {
    List<String> turns = new ArrayList<>(List.of("first", "second"));
    if (point == MODEL_STREAM && (blow == BRAIN || blow == FREEZE)) {
      turns.addFirst("first");
    }
    turns.addAll(
        losesAnOutcome() ? List.of("second-look", "answer-after-look") : List.of("answer"));
    if (more() != More.NEVER) {
      turns.addAll(List.of("more", "tell"));
    }
    return turns;
  }

  @Override
  public String toString() {
    return where() + " × " + blow;
  }
}
