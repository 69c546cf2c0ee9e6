package dev.rouse.session;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An event of a type that this version does not know. It is stored, listed and exported unchanged
 * and means nothing to {@link Fold}, unless its record is critical.
 *
 * @param id the event's identifier
 * @param type the unknown wire name
 * @param raw the whole event as it came, {@code id} and {@code type} included
 */
public record UnknownEvent(String id, String type, ObjectNode raw) implements Event {}
