package dev.rouse.session.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One tool as the model sees it.
 *
 * @param name what the model calls it by
 * @param description what it does and how to use it, written for the model
 * @param inputSchema JSON Schema of the input, an object; callers must not change it
 */
public record ToolDefinition(String name, String description, ObjectNode inputSchema) {}
