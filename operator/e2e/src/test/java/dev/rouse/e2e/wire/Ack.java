package dev.rouse.e2e.wire;

import java.time.Instant;

/**
 * A promise of the server: a 2xx that named this event.
 *
 * @param at when the client had it
 */
public record Ack(String type, String id, Instant at) {}
