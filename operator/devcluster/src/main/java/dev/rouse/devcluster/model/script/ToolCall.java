package dev.rouse.devcluster.model.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A tool use as a script writes it.
 *
 * @param input a JSON object whose strings are templates
 */
public record ToolCall(String tool, JsonNode input) {

  /** The input with every string in it rendered. */
  JsonNode render(Function<Template.Reference, String> values) {
    return render(input, values);
  }

  /** Everything the input's strings ask for. */
  List<Template.Reference> references() {
    var references = new ArrayList<Template.Reference>();
    render(reference -> {
      references.add(reference);
      return "";
    });
    return references;
  }

  private static JsonNode render(JsonNode node, Function<Template.Reference, String> values) {
    var factory = JsonNodeFactory.instance;
    if (node.isTextual()) {
      return factory.textNode(Template.parse(node.textValue()).render(values));
    }
    if (node.isArray()) {
      var array = factory.arrayNode();
      node.forEach(item -> array.add(render(item, values)));
      return array;
    }
    if (node.isObject()) {
      var object = factory.objectNode();
      node.properties()
          .forEach(field -> object.set(field.getKey(), render(field.getValue(), values)));
      return object;
    }
    return node;
  }
}
