package dev.rouse.api.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.AgentSpec.Tool;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a tool that the client runs may be called and take (contract §3.4). */
final class CustomToolRules {

  static final int NAME = 128;
  static final int DESCRIPTION = 65_536;

  private static final Set<String> BUILT_IN =
      Set.of("bash", "read", "write", "edit", "glob", "grep", "web_fetch", "web_search");

  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern PROPERTIES = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final List<String> NOT_AT_THE_TOP = List.of("oneOf", "anyOf", "allOf");

  /** Keywords whose value is data, not a schema. */
  private static final Set<String> VALUES =
      Set.of("const", "default", "enum", "example", "examples");

  /** Deeper than any schema that a model could follow. */
  private static final int DEPTH = 64;

  private CustomToolRules() {}

  static Tool read(Body body) throws InvalidBody {
    String name = body.requiredText("name", 1, NAME);
    if (!NAMES.matcher(name).matches()) {
      throw InvalidBody.at(body.path("name"), "may hold letters, digits, _ and - only");
    }
    if (BUILT_IN.contains(name)) {
      throw InvalidBody.at(body.path("name"), name + " is a built-in tool: choose another name");
    }
    if (name.startsWith("mcp__")) {
      throw InvalidBody.at(body.path("name"), "may not begin with mcp__");
    }
    String description = body.requiredText("description", 1, DESCRIPTION);
    if (description.isBlank()) {
      throw InvalidBody.at(body.path("description"), "must say what the tool does");
    }
    Body schema =
        body.object("input_schema")
            .orElseThrow(() -> InvalidBody.at(body.path("input_schema"), "is required"));
    check(schema);
    return Tool.custom(name, description, schema.json());
  }

  /**
   * What a tool breaks that an object's own schema cannot check.
   *
   * @param path of the tool, as the object spells it
   * @throws InvalidBody naming the field
   */
  static void check(Tool tool, String path) throws InvalidBody {
    if (tool.description() != null && tool.description().isBlank()) {
      throw InvalidBody.at(path + ".description", "must say what the tool does");
    }
    if (tool.inputSchema() != null) {
      check(Body.of(tool.inputSchema(), path + ".inputSchema"));
    }
  }

  private static void check(Body schema) throws InvalidBody {
    if (!schema.requiredText("type", 0, Integer.MAX_VALUE).equals("object")) {
      throw InvalidBody.at(schema.path("type"), "must be object");
    }
    for (String word : NOT_AT_THE_TOP) {
      if (schema.has(word)) {
        throw InvalidBody.at(schema.path(word), "is not allowed at the top of input_schema");
      }
    }
    List<JsonNode> required = schema.array("required");
    for (int i = 0; i < required.size(); i++) {
      JsonNode name = required.get(i);
      if (!name.isTextual()) {
        throw Body.wrongType(schema.path("required") + "." + i, "a string", name);
      }
    }
    schema.object("properties");
    walk(schema.json(), schema.path(), true, 0);
  }

  /**
   * @param isSchema false where the keys of {@code json} are names of the author's choice
   */
  private static void walk(JsonNode json, String path, boolean isSchema, int depth)
      throws InvalidBody {
    if (depth > DEPTH) {
      throw InvalidBody.at(path, "is nested more than " + DEPTH + " levels deep");
    }
    if (json.isArray()) {
      for (int i = 0; i < json.size(); i++) {
        walk(json.get(i), path + "." + i, true, depth + 1);
      }
    }
    if (json instanceof ObjectNode object) {
      for (var field : object.properties()) {
        String name = field.getKey();
        String at = path + "." + name;
        if (isSchema && name.equals("$ref")) {
          throw InvalidBody.at(at, "references are not allowed: write the schema out");
        }
        if (!isSchema && !PROPERTIES.matcher(name).matches()) {
          throw InvalidBody.at(
              at, "a property's name has 1 to 64 letters, digits, _, . and - only");
        }
        boolean names = isSchema && name.equals("properties") && field.getValue().isObject();
        boolean isValue = isSchema && VALUES.contains(name);
        if (!isValue) {
          walk(field.getValue(), at, !names, depth + 1);
        }
      }
    }
  }
}
