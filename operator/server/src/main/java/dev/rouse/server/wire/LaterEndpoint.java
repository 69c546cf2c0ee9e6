package dev.rouse.server.wire;

import dev.rouse.server.http.PathTemplate;
import java.util.List;
import java.util.Optional;

/**
 * A part of the contract that this version does not have, and what to do instead.
 *
 * @param methods the methods that clients know
 * @param path where
 * @param message for people: names the feature and a way that works today
 */
record LaterEndpoint(List<String> methods, PathTemplate path, String message) {

  private static final List<LaterEndpoint> ALL =
      List.of(
          later("GET", "/v1/sessions/{session}/threads", "threads."),
          later("GET", "/v1/sessions/{session}/threads/{thread}", "threads."),
          later("POST", "/v1/sessions/{session}/threads/{thread}/archive", "threads."),
          later(
              "GET",
              "/v1/sessions/{session}/threads/{thread}/events",
              "threads: use the events of the session."),
          later(
              "GET",
              "/v1/sessions/{session}/threads/{thread}/stream",
              "threads: use the stream of the session."),
          later("GET POST", "/v1/sessions/{session}/resources", "session resources."),
          later(
              "GET POST DELETE",
              "/v1/sessions/{session}/resources/{resource}",
              "session resources."),
          later("GET POST", "/v1/vaults", "vaults."),
          later("GET POST", "/v1/memory_stores", "memory stores."),
          later("GET POST", "/v1/deployments", "deployments."),
          later("GET POST", "/v1/files", "files."),
          later("GET POST", "/v1/skills", "skills."));

  private static LaterEndpoint later(String methods, String path, String what) {
    return new LaterEndpoint(
        List.of(methods.split(" ")), new PathTemplate(path), "not available yet: " + what);
  }

  /** The part of the contract that a call asks for. */
  static Optional<LaterEndpoint> of(String method, String path) {
    return ALL.stream()
        .filter(later -> later.methods().contains(method) && later.path().match(path).isPresent())
        .findFirst();
  }

  /** All methods that clients know for a path. */
  static List<String> methods(String path) {
    return ALL.stream()
        .filter(later -> later.path().match(path).isPresent())
        .flatMap(later -> later.methods().stream())
        .toList();
  }
}
