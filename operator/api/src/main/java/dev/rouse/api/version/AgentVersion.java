package dev.rouse.api.version;

import dev.rouse.api.AgentSpec;

/**
 * A stored version of an agent.
 *
 * @param number from 1; never given twice
 * @param spec the agent as it was
 */
public record AgentVersion(int number, AgentSpec spec) {}
