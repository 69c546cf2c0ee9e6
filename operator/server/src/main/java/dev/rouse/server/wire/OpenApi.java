package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.server.http.Call;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The OpenAPI document of what this server answers: parts by subject, put together once, with what
 * the code knows better (the right that each operation needs) taken from {@link Endpoint}.
 *
 * <p>It holds no secret and depends on nothing, so it is shown to everybody, like {@code /healthz}.
 */
public final class OpenApi {

  /** Where it is served. */
  public static final String PATH = "/openapi.json";

  private static final List<String> PARTS =
      List.of(
          "base",
          "agents",
          "environments",
          "work",
          "sessions",
          "threads",
          "events",
          "events-given",
          "event-kinds",
          "content",
          "copies");

  /** Made when it is first asked for. */
  private static final class Made {
    static final ObjectNode DOCUMENT = make();
  }

  private OpenApi() {}

  /** Answers a call of {@link #PATH}. */
  public static void answer(Call call) {
    call.routed("GET " + PATH);
    call.answer(200, Made.DOCUMENT);
  }

  /** The document; not to be changed. */
  static ObjectNode document() {
    return Made.DOCUMENT;
  }

  private static ObjectNode make() {
    ObjectNode document = part(PARTS.getFirst());
    for (String name : PARTS.subList(1, PARTS.size())) {
      ObjectNode part = part(name);
      add(document.withObject("/paths"), part.path("paths"), name);
      for (Map.Entry<String, JsonNode> kind : part.path("components").properties()) {
        add(document.withObject("/components/" + kind.getKey()), kind.getValue(), name);
      }
    }
    for (Endpoint endpoint : Endpoint.values()) {
      complete(document, endpoint);
    }
    return document;
  }

  private static ObjectNode part(String name) {
    try (InputStream in = OpenApi.class.getResourceAsStream("openapi/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the part " + name + " of the OpenAPI document is missing");
      }
      return Serialization.unmarshal(in, ObjectNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(ObjectNode to, JsonNode from, String part) {
    from.properties()
        .forEach(entry -> {
          if (to.has(entry.getKey())) {
            throw new IllegalStateException(entry.getKey() + " is twice there, again in " + part);
          }
          to.set(entry.getKey(), entry.getValue());
        });
  }

  /** What all operations of the API have in common, and the right; a call may need two. */
  private static void complete(ObjectNode document, Endpoint endpoint) {
    JsonNode found =
        document
            .path("paths")
            .path(endpoint.path().text())
            .path(endpoint.method().toLowerCase(Locale.ROOT));
    if (!(found instanceof ObjectNode operation)) {
      throw new IllegalStateException("no operation describes " + endpoint);
    }
    ArrayNode rights = operation.withArray("x-rouse-rights");
    rights.add(endpoint.needs());
    if (rights.size() == 1) {
      ArrayNode parameters = operation.withArray("parameters");
      for (String name : List.of("workspace", "version", "beta")) {
        parameters.addObject().put("$ref", "#/components/parameters/" + name);
      }
      operation
          .withObject("/responses")
          .putObject("default")
          .put("$ref", "#/components/responses/Error");
    }
  }
}
