package dev.rouse.session;

import java.math.BigInteger;

/**
 * What a model costs, pinned with it: a whole number of picodollars (10⁻¹² US dollars) for each
 * token. A price in US dollars for a million tokens with up to six decimals is one, so that every
 * cost is exact.
 *
 * @param input for a token that the model reads
 * @param output for a token that it writes
 * @param cacheWrite for a token written to the provider's prompt cache
 * @param cacheRead for a token read from the provider's prompt cache
 */
public record ListPrice(long input, long output, long cacheWrite, long cacheRead) {

  /** What this usage costs. */
  public ListCost of(ModelUsage usage) {
    return new ListCost(
        times(input, usage.inputTokens())
            .add(times(output, usage.outputTokens()))
            .add(times(cacheWrite, usage.cacheCreationInputTokens()))
            .add(times(cacheRead, usage.cacheReadInputTokens())));
  }

  // A provider may count what it likes: no sum of it may turn negative.
  private static BigInteger times(long price, long tokens) {
    return BigInteger.valueOf(price).multiply(BigInteger.valueOf(tokens));
  }
}
