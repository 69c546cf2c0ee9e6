package dev.rouse.session;

import org.jspecify.annotations.Nullable;

/**
 * Which provider answers this session's model requests; pinned in record 0, so that a change of the
 * namespace's providers does not move a session in mid-conversation.
 *
 * @param name the ModelProvider object's name
 * @param upstreamModel the model's name at the provider
 * @param maxTokens the most tokens of one answer
 * @param contextWindow the most tokens of a request and its answer together; null if nobody said it
 * @param picodollarsPerToken what the model cost when it was pinned; null if nobody said it
 */
public record PinnedProvider(
    String name,
    String upstreamModel,
    int maxTokens,
    @Nullable Integer contextWindow,
    @Nullable ListPrice picodollarsPerToken) {

  /** A model of which nobody said how much it reads, and what it costs. */
  public PinnedProvider(String name, String upstreamModel, int maxTokens) {
    this(name, upstreamModel, maxTokens, null, null);
  }
}
