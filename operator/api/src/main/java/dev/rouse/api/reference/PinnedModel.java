package dev.rouse.api.reference;

/**
 * The model that answers a session, as record 0 pins it.
 *
 * @param providerName name of the ModelProvider
 * @param upstreamModel the model's name at the provider
 * @param maxTokens most tokens of one answer
 */
public record PinnedModel(String providerName, String upstreamModel, int maxTokens) {}
