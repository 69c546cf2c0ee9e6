package dev.rouse.server.wire;

import dev.rouse.server.auth.Access;
import dev.rouse.server.http.PathTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the public API and the right that each needs, in group {@code rouse.dev}. Roles
 * are written against this table, so it is part of the API.
 */
enum Endpoint {
  AGENT_CREATE("POST", "/v1/agents", "create", "agents"),
  AGENT_LIST("GET", "/v1/agents", "list", "agents"),
  AGENT("GET", "/v1/agents/{agent}", "get", "agents"),
  AGENT_UPDATE("POST", "/v1/agents/{agent}", "update", "agents"),
  AGENT_ARCHIVE("POST", "/v1/agents/{agent}/archive", "update", "agents"),
  AGENT_VERSIONS("GET", "/v1/agents/{agent}/versions", "get", "agents"),

  ENVIRONMENT_CREATE("POST", "/v1/environments", "create", "environments"),
  ENVIRONMENT_LIST("GET", "/v1/environments", "list", "environments"),
  ENVIRONMENT("GET", "/v1/environments/{environment}", "get", "environments"),
  ENVIRONMENT_UPDATE("POST", "/v1/environments/{environment}", "update", "environments"),
  ENVIRONMENT_ARCHIVE("POST", "/v1/environments/{environment}/archive", "update", "environments"),
  ENVIRONMENT_DELETE("DELETE", "/v1/environments/{environment}", "delete", "environments"),

  SESSION_CREATE("POST", "/v1/sessions", "create", "sessions"),
  SESSION_LIST("GET", "/v1/sessions", "list", "sessions"),
  SESSION("GET", "/v1/sessions/{session}", "get", "sessions"),
  SESSION_UPDATE("POST", "/v1/sessions/{session}", "update", "sessions"),
  SESSION_ARCHIVE("POST", "/v1/sessions/{session}/archive", "update", "sessions"),
  SESSION_DELETE("DELETE", "/v1/sessions/{session}", "delete", "sessions"),

  EVENTS("GET", "/v1/sessions/{session}/events", "list", "sessions/events"),
  /** What a send needs depends on what is sent, see {@link #EVENT_APPROVE}. */
  EVENT_SEND("POST", "/v1/sessions/{session}/events", "create", "sessions/events"),
  EVENT_STREAM("GET", "/v1/sessions/{session}/events/stream", "watch", "sessions/events"),
  /** The same call as {@link #EVENT_SEND}: the right for each {@code user.tool_confirmation}. */
  EVENT_APPROVE("POST", "/v1/sessions/{session}/events", "create", "sessions/approvals"),

  THREADS("GET", "/v1/sessions/{session}/threads", "list", "sessions/events"),
  THREAD("GET", "/v1/sessions/{session}/threads/{thread}", "list", "sessions/events"),
  THREAD_ARCHIVE("POST", "/v1/sessions/{session}/threads/{thread}/archive", "update", "sessions"),
  THREAD_EVENTS("GET", "/v1/sessions/{session}/threads/{thread}/events", "list", "sessions/events"),
  THREAD_STREAM(
      "GET", "/v1/sessions/{session}/threads/{thread}/stream", "watch", "sessions/events"),

  EXPORT("GET", "/rouse/v1/sessions/{session}/log", "get", "sessions/log"),
  IMPORT("POST", "/rouse/v1/sessions", "create", "sessions/log"),
  /** The same call as {@link #IMPORT}: both rights are needed. */
  IMPORT_SESSION("POST", "/rouse/v1/sessions", "create", "sessions"),
  IMPORT_RECORDS("POST", "/rouse/v1/sessions/{session}/log", "create", "sessions/log"),
  IMPORT_END("POST", "/rouse/v1/sessions/{session}/log/end", "create", "sessions/log"),
  FORK("POST", "/rouse/v1/sessions/{session}/fork", "get", "sessions/log"),
  /** The same call as {@link #FORK}: both rights are needed. */
  FORK_SESSION("POST", "/rouse/v1/sessions/{session}/fork", "create", "sessions"),
  MOVE("POST", "/rouse/v1/sessions/{session}/move", "update", "sessions/log");

  private final String method;
  private final PathTemplate path;
  private final String verb;
  private final String resource;
  private final @Nullable String subresource;

  Endpoint(String method, String path, String verb, String resource) {
    List<String> parts = List.of(resource.split("/"));
    this.method = method;
    this.path = new PathTemplate(path);
    this.verb = verb;
    this.resource = parts.getFirst();
    this.subresource = parts.size() == 1 ? null : parts.getLast();
  }

  String method() {
    return method;
  }

  PathTemplate path() {
    return path;
  }

  /** The right to use this endpoint on one object, or on any if {@code name} is null. */
  Access access(String namespace, @Nullable String name) {
    return new Access(namespace, verb, resource, subresource, name);
  }
}
