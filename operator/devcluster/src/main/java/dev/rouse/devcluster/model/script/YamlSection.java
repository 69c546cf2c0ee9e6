package dev.rouse.devcluster.model.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A YAML mapping that knows where it stands, so that every complaint can name file and line. */
final class YamlSection {

  private static final Pattern JSON_NUMBER =
      Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d+)?([eE][+-]?\\d+)?");

  private final Path file;
  private final String place;
  private final int line;
  private final Map<String, Node> values = new LinkedHashMap<>();

  YamlSection(Path file, String place, @Nullable Node node, Set<String> keys) {
    this.file = file;
    this.place = place;
    this.line = node == null ? 1 : lineOf(node);
    if (!(node instanceof MappingNode mapping)) {
      throw problem("must be a mapping with the keys " + list(keys));
    }
    for (var entry : mapping.getValue()) {
      String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (!keys.contains(key)) {
        throw new ScriptException(
            file,
            lineOf(entry.getKeyNode()),
            place,
            "unknown key '%s'; known here: %s".formatted(key, list(keys)));
      }
      if (values.put(key, entry.getValueNode()) != null) {
        throw new ScriptException(
            file, lineOf(entry.getKeyNode()), place, "key '%s' stands here twice".formatted(key));
      }
    }
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** A section of its own under the key, with the keys it may have. */
  YamlSection section(String key, Set<String> keys) {
    return new YamlSection(file, placeOf(key), values.get(key), keys);
  }

  /** The sections of a list under the key; none when the key is absent. */
  List<YamlSection> sections(String key, Set<String> keys) {
    var sections = new ArrayList<YamlSection>();
    for (Node item : items(key)) {
      sections.add(
          new YamlSection(file, "%s[%d]".formatted(placeOf(key), sections.size()), item, keys));
    }
    return sections;
  }

  @Nullable String text(String key) {
    Node node = values.get(key);
    return node == null ? null : scalar(key, node);
  }

  String requiredText(String key) {
    String text = text(key);
    if (text == null || text.isBlank()) {
      throw problem("needs '%s'".formatted(key));
    }
    return text;
  }

  /** One text, or a list of them. */
  List<String> texts(String key) {
    Node node = values.get(key);
    if (node instanceof SequenceNode) {
      return items(key).stream().map(item -> scalar(key, item)).toList();
    }
    return node == null ? List.of() : List.of(scalar(key, node));
  }

  @Nullable Integer number(String key, int least, int most) {
    Node node = values.get(key);
    if (node == null) {
      return null;
    }
    try {
      int number = Integer.parseInt(scalar(key, node));
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, together with the numbers that are out of range.
    }
    throw problem(key, "must be a whole number from %d to %d".formatted(least, most));
  }

  @Nullable Boolean flag(String key) {
    Node node = values.get(key);
    if (node == null) {
      return null;
    }
    return switch (scalar(key, node)) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      case String other -> throw problem(key, "must be true or false, not '%s'".formatted(other));
    };
  }

  /** The mapping under the key as a JSON object; empty when the key is absent. */
  JsonNode object(String key) {
    Node node = values.get(key);
    if (node == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!(node instanceof MappingNode)) {
      throw problem(key, "must be a mapping");
    }
    return json(key, node);
  }

  ScriptException problem(String problem) {
    return new ScriptException(file, line, place, problem);
  }

  ScriptException problem(String key, String problem) {
    Node node = values.get(key);
    return new ScriptException(file, node == null ? line : lineOf(node), placeOf(key), problem);
  }

  private List<Node> items(String key) {
    Node node = values.get(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw problem(key, "must be a list");
  }

  private String scalar(String key, Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw problem(key, "must be one value, not a list or a mapping");
  }

  private JsonNode json(String key, Node node) {
    var factory = JsonNodeFactory.instance;
    return switch (node) {
      case MappingNode mapping -> {
        var object = factory.objectNode();
        mapping
            .getValue()
            .forEach(e -> object.set(scalar(key, e.getKeyNode()), json(key, e.getValueNode())));
        yield object;
      }
      case SequenceNode sequence -> {
        var array = factory.arrayNode();
        sequence.getValue().forEach(item -> array.add(json(key, item)));
        yield array;
      }
      case ScalarNode scalar -> value(key, scalar);
      default -> throw problem(key, "has a value that JSON cannot hold");
    };
  }

  private JsonNode value(String key, ScalarNode scalar) {
    var factory = JsonNodeFactory.instance;
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return factory.nullNode();
    }
    if (!tag.equals(Tag.INT) && !tag.equals(Tag.FLOAT) && !tag.equals(Tag.BOOL)) {
      return factory.textNode(text);
    }
    // YAML has more numbers and truths than JSON (yes, 010, 1_000): those are told, not guessed.
    if (text.equals("true") || text.equals("false")) {
      return factory.booleanNode(text.equals("true"));
    }
    if (!JSON_NUMBER.matcher(text).matches()) {
      throw problem(key, "'%s' is no JSON value; quote it to mean text".formatted(text));
    }
    return tag.equals(Tag.INT)
        ? factory.numberNode(Long.parseLong(text))
        : factory.numberNode(Double.parseDouble(text));
  }

  private String placeOf(String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  private static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static String list(Set<String> keys) {
    return keys.stream().sorted().collect(Collectors.joining(", "));
  }
}
