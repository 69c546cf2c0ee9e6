package dev.rouse.api.reference;

import dev.rouse.api.ModelProviderSpec.Price;
import org.jspecify.annotations.Nullable;

/**
 * The model that answers a session, as record 0 pins it.
 *
 * @param providerName name of the ModelProvider
 * @param upstreamModel the model's name at the provider
 * @param maxTokens most tokens of one answer
 * @param contextWindow most tokens of a request and its answer; null if nobody says it
 * @param price what it costs; null if nobody says it
 */
public record PinnedModel(
    String providerName,
    String upstreamModel,
    int maxTokens,
    @Nullable Integer contextWindow,
    @Nullable Price price) {

  /** A model of which nobody said how much it reads, and what it costs. */
  public PinnedModel(String providerName, String upstreamModel, int maxTokens) {
    this(providerName, upstreamModel, maxTokens, null, null);
  }
}
