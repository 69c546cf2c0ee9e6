package dev.rouse.harness.loop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.TokenEstimate;
import dev.rouse.harness.model.Toolbox;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionState;
import dev.rouse.session.tools.ToolDefinition;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The session's next model request, and what an unfinished one is charged. */
final class Questions {

  private final List<ToolDefinition> builtInTools;
  private final AtomicReference<@Nullable Seen> seen = new AtomicReference<>();

  private record Seen(String span, ModelUsage usage) {}

  Questions(List<ToolDefinition> builtInTools) {
    this.builtInTools = List.copyOf(builtInTools);
  }

  Toolbox toolbox(SessionState session) {
    return Toolbox.of(Ending.agent(session).tools(), builtInTools);
  }

  ModelRequest request(SessionState session) {
    InternalEvent.Created created = Ending.created(session);
    return new ModelRequest(
        created.provider().name(),
        created.provider().upstreamModel(),
        created.provider().maxTokens(),
        effort(Ending.agent(session).model()),
        Ending.agent(session).system(),
        toolbox(session).specs(),
        session.summary(),
        session.transcript());
  }

  /** The wire has it as a string or as {@code {type}}. */
  private static @Nullable String effort(JsonNode model) {
    JsonNode effort = model.path("effort");
    String named = effort.path("type").asText(effort.asText(""));
    return named.isEmpty() ? null : named;
  }

  /** The provider counted this much for the request of {@code span}. */
  void counted(String span, ModelUsage usage) {
    seen.set(new Seen(span, usage));
  }

  /** What the provider counted for {@code span}; nothing if it refused before counting. */
  ModelUsage countedFor(String span) {
    Seen last = seen.get();
    return last != null && last.span.equals(span) ? last.usage : ModelUsage.ZERO;
  }

  /**
   * What the open span costs when it is closed without an answer: what the provider counted, else
   * the estimate of its request. The transcript has not changed since the request was made.
   */
  ModelUsage charge(SessionState session) {
    String span = session.openSpan();
    if (span == null) {
      return ModelUsage.ZERO;
    }
    Seen last = seen.get();
    return last != null && last.span.equals(span) ? last.usage : TokenEstimate.of(request(session));
  }
}
