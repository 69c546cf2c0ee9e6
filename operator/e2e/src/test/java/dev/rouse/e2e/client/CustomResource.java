package dev.rouse.e2e.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The other side of what the API shows: a custom resource, as kubectl shows it.
 *
 * @param name of the object
 * @param json the whole object
 */
record CustomResource(String name, JsonNode json) {

  /**
   * The object behind an id of the API.
   *
   * @param kind plural, for example {@code sessions}
   */
  static CustomResource named(Namespace namespace, String kind, String id) {
    return find(namespace, kind, id)
        .orElseThrow(() -> new AssertionError("kubectl sees no object of " + kind + " for " + id));
  }

  /** The object behind an id of the API, if there is one. */
  static Optional<CustomResource> find(Namespace namespace, String kind, String id) {
    String uid = WireIds.uidOf(id).orElseThrow(() -> new AssertionError(id + " is no id of ours"));
    String list =
        namespace
            .cluster()
            .kubectl()
            .run("get", kind + ".rouse.dev", "-n", namespace.name(), "-o", "json");
    try {
      return StreamSupport.stream(EventCodec.JSON.readTree(list).path("items").spliterator(), false)
          .filter(item -> item.at("/metadata/uid").asText().equals(uid))
          .findFirst()
          .map(item -> new CustomResource(item.at("/metadata/name").asText(), item));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode spec() {
    return json.path("spec");
  }
}
