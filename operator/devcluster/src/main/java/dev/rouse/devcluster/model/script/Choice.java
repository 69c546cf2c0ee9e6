package dev.rouse.devcluster.model.script;

import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Part;
import java.util.ArrayList;
import java.util.function.Supplier;

/** A turn and the scene it is played in. */
public final class Choice {

  private final Turn turn;
  private final Scene scene;

  Choice(Turn turn, Scene scene) {
    this.turn = turn;
    this.scene = scene;
  }

  public Turn turn() {
    return turn;
  }

  /**
   * What the turn says here.
   *
   * @param ids makes the ids of tool uses
   * @throws UnplayableException if something it refers to is not there, or nothing remains to say
   */
  public Answer answer(Supplier<String> ids) {
    var parts = new ArrayList<Part>();
    if (turn.say() != null) {
      String text = turn.say().render(scene::value);
      if (!text.isBlank()) {
        parts.add(new Part.Text(text.strip()));
      }
    }
    for (ToolCall call : turn.calls()) {
      parts.add(new Part.ToolUse(ids.get(), call.tool(), call.render(scene::value)));
    }
    if (parts.isEmpty()) {
      throw new UnplayableException("'say' is blank once its references are filled in");
    }
    return new Answer(parts, stopReason());
  }

  private String stopReason() {
    if (turn.stopReason() != null) {
      return turn.stopReason();
    }
    return turn.calls().isEmpty() ? "end_turn" : "tool_use";
  }
}
