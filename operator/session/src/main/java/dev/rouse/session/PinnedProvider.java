package dev.rouse.session;

/**
 * Which provider answers this session's model requests; pinned in record 0, so that a change of the
 * namespace's providers does not move a session in mid-conversation.
 *
 * @param name the ModelProvider object's name
 * @param upstreamModel the model's name at the provider
 * @param maxTokens the most tokens of one answer
 */
public record PinnedProvider(String name, String upstreamModel, int maxTokens) {}
