package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

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
}
