package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens used, as the provider counted them.
 *
 * @param inputTokens read from the request, not from a cache
 * @param outputTokens written by the model
 * @param cacheCreationInputTokens written to the provider's prompt cache
 * @param cacheReadInputTokens read from the provider's prompt cache
 * @param more further fields, as they came
 */
public record ModelUsage(
    long inputTokens,
    long outputTokens,
    long cacheCreationInputTokens,
    long cacheReadInputTokens,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {

  /** The field of {@link #more} that holds what a session's usage costs. */
  public static final String LIST_COST = "list_cost";

  public static final ModelUsage ZERO = new ModelUsage(0, 0, 0, 0, Map.of());

  public ModelUsage {
    more = Kept.inOrder(more);
  }

  /** The sum of both; fields that this version does not know are not added up. */
  public ModelUsage plus(ModelUsage other) {
    return new ModelUsage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cacheCreationInputTokens + other.cacheCreationInputTokens,
        cacheReadInputTokens + other.cacheReadInputTokens,
        Map.of());
  }

  /** All tokens, read and written. */
  public long sum() {
    return inputTokens + outputTokens + cacheCreationInputTokens + cacheReadInputTokens;
  }

  /** The same with what it costs, as the wire shows it, if anybody knows. */
  ModelUsage costing(@Nullable ListCost cost) {
    return new ModelUsage(
        inputTokens,
        outputTokens,
        cacheCreationInputTokens,
        cacheReadInputTokens,
        cost == null ? Map.of() : Map.of(LIST_COST, cost.json()));
  }
}
