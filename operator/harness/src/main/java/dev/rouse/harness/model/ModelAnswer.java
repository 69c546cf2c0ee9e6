package dev.rouse.harness.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.ModelUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer.
 *
 * @param thought whether the model thought first
 * @param content what it said; no block is empty
 * @param calls what it wants to be run, in its order
 * @param stop why it stopped
 * @param stopDetails of a refusal, in the wire's form (contract §2.3); null otherwise
 */
public record ModelAnswer(
    boolean thought,
    List<ContentBlock> content,
    List<Call> calls,
    Stop stop,
    @Nullable JsonNode stopDetails,
    ModelUsage usage) {

  public ModelAnswer {
    content = List.copyOf(content);
    calls = List.copyOf(calls);
    stopDetails = stop == Stop.REFUSAL ? RefusalDetails.of(stopDetails) : null;
  }

  /**
   * A tool call.
   *
   * @param fault why it cannot be run as it came (its input is no JSON object, or was cut off), for
   *     the model to read; {@code input} is empty then
   */
  public record Call(String name, ObjectNode input, @Nullable String fault) {}

  /** Why the model stopped. */
  public enum Stop {
    END_TURN,
    TOOL_USE,
    MAX_TOKENS,
    REFUSAL,
    /** The provider paused a long turn; the runtime treats what came as the answer. */
    PAUSE,
    /** A reason that is newer than this code; treated as the end of the turn. */
    OTHER
  }
}
