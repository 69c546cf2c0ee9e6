package dev.rouse.devcluster.model.script;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a script: when it is played, what it says, and how badly it goes.
 *
 * @param name unique in the script; {@code after} and templates refer to it
 * @param say the words, or null when it only calls tools
 * @param calls the tools it calls, in order
 * @param stopReason what to give as the reason for stopping, or null for the natural one
 */
public record Turn(
    String name,
    When when,
    @Nullable Template say,
    List<ToolCall> calls,
    @Nullable String stopReason,
    Troubles troubles,
    Pace pace) {
  public Turn {
    calls = List.copyOf(calls);
  }

  /** Everything the turn's templates ask for. */
  List<Template.Reference> references() {
    var references = new ArrayList<Template.Reference>();
    if (say != null) {
      references.addAll(say.references());
    }
    calls.forEach(call -> references.addAll(call.references()));
    return references;
  }
}
