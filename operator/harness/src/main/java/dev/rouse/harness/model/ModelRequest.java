package dev.rouse.harness.model;

import dev.rouse.session.Event;
import dev.rouse.session.tools.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question to a model, in the session's own terms.
 *
 * @param provider the ModelProvider object's name, for messages
 * @param model the provider's name of the model
 * @param maxTokens the most tokens of the answer
 * @param effort how much the model should think, {@code low} to {@code max} in the wire's words;
 *     null: as much as it does by itself
 * @param system the system prompt
 * @param tools what the model may call
 * @param summary what stands before {@code transcript}, if the session was compacted
 * @param transcript messages, calls and results in log order
 */
public record ModelRequest(
    String provider,
    String model,
    int maxTokens,
    @Nullable String effort,
    @Nullable String system,
    List<ToolDefinition> tools,
    @Nullable String summary,
    List<Event> transcript) {
  public ModelRequest {
    tools = List.copyOf(tools);
    transcript = List.copyOf(transcript);
  }

  /** The same question with only so many events of the transcript. */
  ModelRequest first(int events) {
    return new ModelRequest(
        provider, model, maxTokens, effort, system, tools, summary, transcript.subList(0, events));
  }

  /** The same question with these events behind the transcript. */
  public ModelRequest saying(List<Event> more) {
    List<Event> all = new ArrayList<>(transcript);
    all.addAll(more);
    return new ModelRequest(provider, model, maxTokens, effort, system, tools, summary, all);
  }
}
