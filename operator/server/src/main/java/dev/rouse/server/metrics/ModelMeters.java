package dev.rouse.server.metrics;

import dev.rouse.api.ModelProviderSpec.Price;
import dev.rouse.api.probe.Buckets;
import dev.rouse.api.probe.Counters;
import dev.rouse.api.probe.Meters;
import dev.rouse.server.metrics.Models.Protocol;
import dev.rouse.session.ModelUsage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Model requests over one protocol, and what they cost. Names of models are users', so no label.
 */
final class ModelMeters {

  private enum Outcome {
    OK,
    ERROR
  }

  /** Of tokens, as providers count them. */
  private enum Direction {
    INPUT,
    OUTPUT,
    CACHE_WRITE,
    CACHE_READ
  }

  private final Counters<Outcome> requests;
  private final Timer time;
  private final Counters<Direction> tokens;
  private final Counter dollars;
  private final Counter unpriced;

  ModelMeters(Protocol protocol, Meters meters) {
    String[] provider = {"provider", Meters.text(protocol)};
    requests =
        meters.counters(
            "rouse.model.requests",
            "Model requests that ended, repeated ones each for itself",
            "outcome",
            Outcome.class,
            provider);
    time =
        meters.timer(
            "rouse.model.request",
            "Time of a model request from its start to the end of a good answer",
            Buckets.WORK,
            provider);
    tokens =
        meters.counters(
            "rouse.model.tokens",
            "Tokens as providers counted them, or as they were estimated where an answer was lost",
            "direction",
            Direction.class,
            provider);
    dollars =
        meters.counter(
            "rouse.model.cost.dollars",
            "US dollars by the prices of the ModelProviders; not a bill",
            provider);
    unpriced =
        meters.counter(
            "rouse.model.unpriced.requests",
            "Model requests whose cost is not counted, for their ModelProvider names no price",
            provider);
  }

  void ended(boolean isError, Duration took, ModelUsage usage, @Nullable Price price) {
    requests.count(isError ? Outcome.ERROR : Outcome.OK);
    if (!isError && !took.isNegative()) {
      time.record(took);
    }
    tokens.count(Direction.INPUT, usage.inputTokens());
    tokens.count(Direction.OUTPUT, usage.outputTokens());
    tokens.count(Direction.CACHE_WRITE, usage.cacheCreationInputTokens());
    tokens.count(Direction.CACHE_READ, usage.cacheReadInputTokens());
    cost(usage, price);
  }

  private void cost(ModelUsage usage, @Nullable Price price) {
    if (price != null) {
      try {
        dollars.increment(
            price.dollars(
                usage.inputTokens(),
                usage.outputTokens(),
                usage.cacheCreationInputTokens(),
                usage.cacheReadInputTokens()));
        return;
      } catch (NumberFormatException e) {
        // A price that is no number is as good as none.
      }
    }
    unpriced.increment();
  }
}
