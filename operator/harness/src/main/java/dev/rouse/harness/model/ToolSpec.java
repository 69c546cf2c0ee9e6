package dev.rouse.harness.model;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A tool as the model is told of it.
 *
 * @param inputSchema JSON schema of the input, of type object
 */
public record ToolSpec(String name, String description, ObjectNode inputSchema) {}
