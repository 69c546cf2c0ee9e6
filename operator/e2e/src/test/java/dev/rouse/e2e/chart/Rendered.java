package dev.rouse.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a chart renders.
 *
 * @param text as it came
 * @param objects in the order of the text
 */
record Rendered(String text, List<JsonNode> objects) {

  static final ObjectMapper YAML = new YAMLMapper();

  /** Objects with a pod in them, as their kinds are called. */
  private static final List<String> WITH_PODS = List.of("Deployment", "StatefulSet", "Job", "Pod");

  Rendered {
    objects = List.copyOf(objects);
  }

  static Rendered of(String text) {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      return new Rendered(
          text, documents.readAll().stream().filter(it -> it != null && !it.isEmpty()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  Stream<JsonNode> all(String kind) {
    return objects.stream().filter(it -> it.path("kind").asText().equals(kind));
  }

  /** The object of this kind and name; missing if there is none. */
  JsonNode one(String kind, String name) {
    return all(kind)
        .filter(it -> name(it).equals(name))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  /** {@code Kind/name}, and {@code Kind/namespace/name} where it is not the release's. */
  List<String> names() {
    return objects.stream()
        .map(it -> {
          String namespace = it.path("metadata").path("namespace").asText("");
          String where = List.of("", "rouse-system").contains(namespace) ? "" : namespace + "/";
          return it.path("kind").asText() + "/" + where + name(it);
        })
        .toList();
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  /** Pod specs, by {@code Kind/name} of what makes the pod. */
  Map<String, JsonNode> pods() {
    Map<String, JsonNode> pods = new TreeMap<>();
    for (JsonNode object : objects) {
      String kind = object.path("kind").asText();
      if (WITH_PODS.contains(kind)) {
        JsonNode spec = object.path("spec");
        pods.put(
            kind + "/" + name(object),
            kind.equals("Pod") ? spec : spec.path("template").path("spec"));
      }
    }
    return pods;
  }

  /** The first container of the operator or the server. */
  JsonNode container(String component) {
    return pods().entrySet().stream()
        .filter(it -> it.getKey().endsWith("/rouse-" + component))
        .map(it -> it.getValue().path("containers").path(0))
        .findFirst()
        .orElseThrow();
  }

  /** The settings of the operator or the server. */
  Map<String, String> settings(String component) {
    Map<String, String> settings = new TreeMap<>();
    container(component)
        .path("env")
        .forEach(it -> settings.put(it.path("name").asText(), it.path("value").asText()));
    return settings;
  }

  /** Where the operator or the server has its volumes, by their names. */
  Map<String, String> mounts(String component) {
    Map<String, String> mounts = new TreeMap<>();
    container(component)
        .path("volumeMounts")
        .forEach(it -> mounts.put(it.path("name").asText(), it.path("mountPath").asText()));
    return mounts;
  }

  /** The elements of an array. */
  static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /** The texts of an array. */
  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(it -> texts.add(it.asText()));
    return texts;
  }
}
