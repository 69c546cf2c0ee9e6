package dev.rouse.harness.loop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.TokenEstimate;
import dev.rouse.harness.model.Toolbox;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ListPrice;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionState;
import dev.rouse.session.tools.ToolDefinition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The conversation's next model request, and what an unfinished request is charged. */
final class Questions {

  private final List<ToolDefinition> builtInTools;
  private final AtomicReference<@Nullable Seen> seen = new AtomicReference<>();

  /**
   * What is known of a request.
   *
   * @param request what was asked
   * @param usage what the provider counted so far, if it did
   * @param isAnswered whether any of an answer came
   * @param written characters of the answer so far
   */
  private record Seen(
      String span,
      ModelRequest request,
      @Nullable ModelUsage usage,
      boolean isAnswered,
      long written) {

    /** What the provider counted, and what came since. */
    ModelUsage cost() {
      ModelUsage estimate = TokenEstimate.of(request, written);
      return usage == null
          ? estimate
          : new ModelUsage(
              usage.inputTokens(),
              Math.max(usage.outputTokens(), estimate.outputTokens()),
              usage.cacheCreationInputTokens(),
              usage.cacheReadInputTokens(),
              usage.more());
    }
  }

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

  /**
   * The most that {@code request} is expected to use: all that it says, at the dearest rate, and
   * the longest answer.
   */
  static ModelUsage most(SessionState session, ModelRequest request) {
    ListPrice price = Ending.created(session).provider().picodollarsPerToken();
    long read = TokenEstimate.of(request).inputTokens();
    return price != null && price.cacheWrite() > price.input()
        ? new ModelUsage(0, request.maxTokens(), read, 0, Map.of())
        : new ModelUsage(read, request.maxTokens(), 0, 0, Map.of());
  }

  /** The request of {@code span} goes out. */
  void asked(String span, ModelRequest request) {
    seen.set(new Seen(span, request, null, false, 0));
  }

  /** The answer to {@code span} goes on. @param characters how many more there are */
  void heard(String span, int characters) {
    seen.updateAndGet(it ->
        it == null || !it.span.equals(span)
            ? it
            : new Seen(span, it.request, it.usage, true, it.written + characters));
  }

  /** The provider counted this much for the request of {@code span}. */
  void counted(String span, ModelUsage usage) {
    seen.updateAndGet(it ->
        it == null || !it.span.equals(span)
            ? it
            : new Seen(span, it.request, usage, it.isAnswered, it.written));
  }

  /** What the open request costs that failed: nothing where the provider did not take it up. */
  ModelUsage failed(SessionState session) {
    Seen own = own(session);
    return own == null || (own.usage == null && !own.isAnswered) ? ModelUsage.ZERO : own.cost();
  }

  /**
   * What the open request costs that is closed without an answer: what the provider counted, else
   * an estimate. That of a brain before this one may have been answered to the last token.
   */
  ModelUsage charge(SessionState session) {
    if (session.openSpan() == null) {
      return ModelUsage.ZERO;
    }
    Seen own = own(session);
    if (own != null) {
      return own.cost();
    }
    ModelUsage estimate = session.openSpanEstimate();
    return estimate == null ? TokenEstimate.of(request(session)) : estimate;
  }

  private @Nullable Seen own(SessionState session) {
    Seen last = seen.get();
    return last != null && last.span.equals(session.openSpan()) ? last : null;
  }
}
