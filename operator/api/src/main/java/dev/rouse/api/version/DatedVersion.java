package dev.rouse.api.version;

import java.time.Instant;

/**
 * A stored version of an agent and when it was made.
 *
 * @param createdAt to the second: it is the API server's time
 */
public record DatedVersion(AgentVersion version, Instant createdAt) {}
