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
          later(
              "GET POST",
              "/v1/sessions",
              "Listing and creating sessions: use kubectl and Session" + " objects."),
          later(
              "POST DELETE",
              "/v1/sessions/{session}",
              "Updating and deleting sessions: use" + " kubectl and the Session object."),
          later("POST", "/v1/sessions/{session}/archive", "Archiving sessions."),
          later(
              "POST",
              "/v1/sessions/{session}/events",
              "Sending events: add an entry to" + " spec.messages of the Session object."),
          later("GET", "/v1/sessions/{session}/threads", "Threads."),
          later("GET", "/v1/sessions/{session}/threads/{thread}", "Threads."),
          later("POST", "/v1/sessions/{session}/threads/{thread}/archive", "Threads."),
          later(
              "GET",
              "/v1/sessions/{session}/threads/{thread}/events",
              "Threads: use the events" + " of the session."),
          later(
              "GET",
              "/v1/sessions/{session}/threads/{thread}/stream",
              "Threads: use the stream" + " of the session."),
          later("GET POST", "/v1/sessions/{session}/resources", "Session resources."),
          later(
              "GET POST DELETE",
              "/v1/sessions/{session}/resources/{resource}",
              "Session" + " resources."),
          later("GET POST", "/v1/agents", "Agents over HTTP: use kubectl and Agent objects."),
          later(
              "GET POST", "/v1/agents/{agent}", "Agents over HTTP: use kubectl and Agent objects."),
          later("POST", "/v1/agents/{agent}/archive", "Archiving agents."),
          later(
              "GET",
              "/v1/agents/{agent}/versions",
              "Agent versions over HTTP: use kubectl get" + " controllerrevisions."),
          later(
              "GET POST",
              "/v1/environments",
              "Environments over HTTP: use kubectl and Environment" + " objects."),
          later(
              "GET POST DELETE",
              "/v1/environments/{environment}",
              "Environments over HTTP: use" + " kubectl and Environment objects."),
          later("POST", "/v1/environments/{environment}/archive", "Archiving environments."),
          later("GET POST", "/v1/vaults", "Vaults."),
          later("GET POST", "/v1/memory_stores", "Memory stores."),
          later("GET POST", "/v1/deployments", "Deployments."),
          later("GET POST", "/v1/files", "Files."),
          later("GET POST", "/v1/skills", "Skills."));

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
