package dev.rouse.devcluster.model.stage;

import dev.rouse.devcluster.model.judge.FaultException;
import dev.rouse.devcluster.model.judge.FaultKind;
import dev.rouse.devcluster.model.judge.Judge;
import dev.rouse.devcluster.model.ledger.Ledger;
import dev.rouse.devcluster.model.script.Choice;
import dev.rouse.devcluster.model.script.Play;
import dev.rouse.devcluster.model.script.Script;
import dev.rouse.devcluster.model.script.Turn;
import dev.rouse.devcluster.model.script.UnplayableException;
import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Conversation;
import dev.rouse.devcluster.model.talk.Fingerprint;
import dev.rouse.devcluster.model.talk.Message;
import dev.rouse.devcluster.model.talk.Part;
import java.util.List;
import java.util.Map;

/** Takes a conversation from any protocol, has it judged, and finds what to answer. */
public final class Director {

  private final Map<String, Script> scripts;
  private final Ledger ledger;
  private final Judge judge;
  private final IdSource ids;

  public Director(Map<String, Script> scripts, Ledger ledger, IdSource ids) {
    this.scripts = Map.copyOf(scripts);
    this.ledger = ledger;
    this.judge = new Judge(ledger);
    this.ids = ids;
  }

  /**
   * Finds the answer to a request and counts the call.
   *
   * @throws FaultException if the request is wrong or the script does not go on here
   */
  public Performance perform(Conversation conversation, String requestId) {
    Script script = scripts.get(conversation.model());
    if (script == null) {
      throw new FaultException(
          FaultKind.UNKNOWN_MODEL,
          "model",
          "'%s' is not here; there are %s"
              .formatted(conversation.model(), scripts.keySet().stream().sorted().toList()));
    }
    judge.check(conversation);
    Choice choice =
        new Play(script).choose(conversation).orElseThrow(() -> noTurn(script, conversation));
    Answer answer = render(choice, conversation);
    List<String> prefixes = Fingerprint.prefixes(conversation);
    var call =
        ledger.begin(
            requestId,
            conversation.model(),
            choice.turn().name(),
            prefixes.get(1),
            prefixes.getLast());
    return new Performance(call, choice.turn(), answer, ledger);
  }

  private Answer render(Choice choice, Conversation conversation) {
    String turn = choice.turn().name();
    Answer answer;
    try {
      answer = choice.answer(() -> ids.next("toolu"));
    } catch (UnplayableException e) {
      throw new FaultException(
          FaultKind.UNPLAYABLE, "turn '%s'".formatted(turn), String.valueOf(e.getMessage()));
    }
    for (Part part : answer.parts()) {
      if (part instanceof Part.ToolUse(var _, var name, var _)
          && !conversation.tools().contains(name)) {
        throw new FaultException(
            FaultKind.TOOL_NOT_OFFERED,
            "turn '%s'".formatted(turn),
            "calls '%s', which is not among the tools %s"
                .formatted(name, conversation.tools().stream().sorted().toList()));
      }
    }
    return answer;
  }

  private static FaultException noTurn(Script script, Conversation conversation) {
    long turns =
        conversation.messages().stream().filter(Message.Assistant.class::isInstance).count();
    var last = (Message.User) conversation.messages().getLast();
    String said =
        last.speaks()
            ? "the user says '%s'".formatted(beginning(last.text()))
            : "the tool results are %s"
                .formatted(
                    last.toolResults().stream()
                        .map(result -> "'" + beginning(result.text()) + "'")
                        .toList());
    return new FaultException(
        FaultKind.NO_TURN,
        "no turn of the script '%s' fits: the model has had %d turns and %s; there are the turns %s"
            .formatted(
                script.model(), turns, said, script.turns().stream().map(Turn::name).toList()));
  }

  private static String beginning(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= 160 ? line : line.substring(0, 160) + "…";
  }
}
