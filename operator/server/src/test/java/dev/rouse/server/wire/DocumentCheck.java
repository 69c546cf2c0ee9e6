package dev.rouse.server.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.rouse.server.brain.BrainApi;
import dev.rouse.server.http.PathTemplate;
import dev.rouse.session.EventCodec;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Holds what is on the wire against the OpenAPI document, more strictly than clients may: a field
 * that the document does not have is a fault of the document.
 */
public final class DocumentCheck {

  private static final String ERROR = "#/components/schemas/Error";
  private static final String JSON_CONTENT = "/content/application~1json/schema";
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);
  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
  private static final ObjectNode STRICT = (ObjectNode) strict(OpenApi.document());
  private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

  private DocumentCheck() {}

  /**
   * A request and its answer.
   *
   * @param path without the query
   * @param body that was sent; empty for none
   */
  public record Exchange(
      String method, String path, String body, int status, String contentType, String answer) {}

  /** Fails when an answer, or a body that was taken, is not what the document says. */
  public static void check(HttpResponse<String> response, String body) {
    check(
        new Exchange(
            response.request().method(),
            response.uri().getRawPath(),
            body,
            response.statusCode(),
            response.headers().firstValue("content-type").orElse(""),
            response.body()));
  }

  /** The same. */
  public static void check(Exchange it) {
    if (it.path().startsWith(BrainApi.PREFIX) || !it.contentType().equals("application/json")) {
      return;
    }
    String what = it.method() + " " + it.path() + " " + it.status();
    if (it.status() != 200) {
      require(what, ERROR, it.answer());
      return;
    }
    String pointer =
        operation(it.method(), it.path())
            .orElseThrow(() -> new AssertionError("the document has no " + what));
    require(what, resolved(pointer + "/responses/200") + JSON_CONTENT, it.answer());
    if (!it.body().isEmpty() && has(pointer + "/requestBody" + JSON_CONTENT)) {
      require(what + ", whose body was taken", pointer + "/requestBody" + JSON_CONTENT, it.body());
    }
  }

  /** Fails when an event on a stream of the public API is not what the document says. */
  public static void streamed(URI stream, JsonNode event) {
    if (!stream.getPath().startsWith(BrainApi.PREFIX)) {
      require("on " + stream, "#/components/schemas/StreamEvent", event);
    }
  }

  /** The place of the operation that answers; empty if there is none. */
  static Optional<String> operation(String method, String path) {
    return STRICT.path("paths").properties().stream()
        .filter(it -> it.getValue().has(method.toLowerCase(Locale.ROOT)))
        .map(Map.Entry::getKey)
        .filter(it -> new PathTemplate(it).match(path).isPresent())
        // A word counts more than a place: .../stream is no id.
        .max((one, other) -> Integer.compare(words(one), words(other)))
        .map(it ->
            "#/paths/%s/%s".formatted(it.replace("/", "~1"), method.toLowerCase(Locale.ROOT)));
  }

  private static int words(String template) {
    return (int) List.of(template.split("/")).stream().filter(it -> !it.startsWith("{")).count();
  }

  private static String resolved(String pointer) {
    JsonNode node = STRICT.at(pointer.substring(1));
    return node.has("$ref") ? node.path("$ref").asText() : pointer;
  }

  private static boolean has(String pointer) {
    return !STRICT.at(pointer.substring(1)).isMissingNode();
  }

  private static void require(String what, String pointer, String body) {
    try {
      require(what, pointer, EventCodec.JSON.readTree(body));
    } catch (JsonProcessingException e) {
      throw new AssertionError(what + ": no JSON: " + body, e);
    }
  }

  private static void require(String what, String pointer, JsonNode json) {
    Set<ValidationMessage> faults =
        SCHEMAS.computeIfAbsent(pointer, DocumentCheck::schema).validate(json);
    if (!faults.isEmpty()) {
      throw new AssertionError(
          "%s is not what the OpenAPI document says:%n%s%n%s"
              .formatted(
                  what,
                  faults.stream()
                      .map(ValidationMessage::getMessage)
                      .collect(Collectors.joining("\n")),
                  json));
    }
  }

  private static JsonSchema schema(String pointer) {
    ObjectNode root = EventCodec.JSON.createObjectNode();
    root.setAll((ObjectNode) STRICT.at(pointer.substring(1)).deepCopy());
    root.set("components", STRICT.path("components"));
    return FACTORY.getSchema(root, CONFIG);
  }

  /**
   * The same, where objects have the fields that are listed and no others, and where the
   * discriminator chooses, so that a fault is told once and not for every alternative.
   */
  private static JsonNode strict(JsonNode node) {
    if (node.isArray()) {
      ArrayNode array = EventCodec.JSON.createArrayNode();
      node.forEach(it -> array.add(strict(it)));
      return array;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode object = EventCodec.JSON.createObjectNode();
    node.properties().forEach(it -> object.set(it.getKey(), strict(it.getValue())));
    if (node.path("properties").isObject() && !node.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    if (node.has("discriminator") && node.has("oneOf")) {
      chosen(object);
    }
    return object;
  }

  private static void chosen(ObjectNode union) {
    JsonNode discriminator = union.remove("discriminator");
    union.remove("oneOf");
    String name = discriminator.path("propertyName").asText();
    List<String> values = new ArrayList<>();
    ArrayNode all = union.putArray("allOf");
    for (Map.Entry<String, JsonNode> entry : discriminator.path("mapping").properties()) {
      values.add(entry.getKey());
      ObjectNode branch = all.addObject();
      branch.putObject("if").putObject("properties").putObject(name).put("const", entry.getKey());
      branch.putObject("then").put("$ref", entry.getValue().asText());
    }
    union.put("type", "object").putArray("required").add(name);
    ArrayNode known = union.putObject("properties").putObject(name).putArray("enum");
    values.forEach(known::add);
  }
}
