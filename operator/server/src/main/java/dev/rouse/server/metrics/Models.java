package dev.rouse.server.metrics;

import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderSpec.Model;
import dev.rouse.api.ModelProviderSpec.Price;
import dev.rouse.server.resource.Objects;
import dev.rouse.session.PinnedProvider;
import org.jspecify.annotations.Nullable;

/**
 * What models cost and what protocol they speak, as the ModelProviders say now: a session pins
 * neither.
 */
@FunctionalInterface
public interface Models {

  /** The protocol of a provider. */
  enum Protocol {
    ANTHROPIC,
    OPENAI,
    /** There is no such provider any more. */
    UNKNOWN
  }

  /**
   * What is known of a model.
   *
   * @param price null where nobody said it
   */
  record Offer(Protocol protocol, @Nullable Price price) {}

  /** What is known of the model that a session of this namespace is pinned to. Does not block. */
  Offer of(String namespace, PinnedProvider pinned);

  /** As these objects say. */
  static Models in(Objects<ModelProvider> providers) {
    return (namespace, pinned) ->
        providers.in(namespace).stream()
            .filter(it -> it.getMetadata().getName().equals(pinned.name()))
            .findFirst()
            .map(it -> offer(it, pinned))
            .orElse(new Offer(Protocol.UNKNOWN, null));
  }

  private static Offer offer(ModelProvider provider, PinnedProvider pinned) {
    Protocol protocol =
        switch (provider.getSpec().type()) {
          case anthropic -> Protocol.ANTHROPIC;
          case openai -> Protocol.OPENAI;
        };
    return new Offer(
        protocol,
        provider.getSpec().models().stream()
            .filter(it -> it.upstreamNameOrDefault().equals(pinned.upstreamModel()))
            .findFirst()
            .map(Model::price)
            .orElse(null));
  }
}
