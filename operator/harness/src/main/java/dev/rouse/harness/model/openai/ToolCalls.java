package dev.rouse.harness.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.stream.CallInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one answer, put together from their pieces.
 *
 * <p>A piece names its call by {@code index}. Servers that send whole calls leave it out or let all
 * have the same; so another id begins another call, and a piece without either goes on with the
 * last.
 */
final class ToolCalls {

  private final List<Growing> calls = new ArrayList<>();
  private final Map<Integer, Growing> byIndex = new HashMap<>();

  private static final class Growing {
    private final String id;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();

    Growing(String id) {
      this.id = id;
    }
  }

  /** Takes an element of {@code delta.tool_calls}. */
  void add(JsonNode piece) {
    Growing call = callOf(piece);
    JsonNode function = piece.path("function");
    if (call.name.isEmpty()) {
      call.name.append(function.path("name").asText(""));
    }
    JsonNode arguments = function.path("arguments");
    call.arguments.append(arguments.isContainerNode() ? arguments : arguments.asText(""));
  }

  private Growing callOf(JsonNode piece) {
    @Nullable Integer index = piece.path("index").isInt() ? piece.path("index").intValue() : null;
    String id = piece.path("id").asText("");
    Growing open = index == null ? (calls.isEmpty() ? null : calls.getLast()) : byIndex.get(index);
    if (open != null && (id.isEmpty() || id.equals(open.id))) {
      return open;
    }
    Growing call = new Growing(id);
    calls.add(call);
    if (index != null) {
      byIndex.put(index, call);
    }
    return call;
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /** What the model wrote for them, for an estimate. */
  int characters() {
    return calls.stream().mapToInt(call -> call.name.length() + call.arguments.length()).sum();
  }

  /**
   * The calls, in the order in which they began.
   *
   * @param cut whether the answer was cut off by the limit of tokens
   */
  List<ModelAnswer.Call> finished(boolean cut) {
    return calls.stream()
        .map(call -> {
          // A tool without parameters may be called with nothing.
          String input = call.arguments.isEmpty() && !cut ? "{}" : call.arguments.toString();
          return CallInput.read(call.name.toString(), input, true, cut);
        })
        .toList();
  }
}
