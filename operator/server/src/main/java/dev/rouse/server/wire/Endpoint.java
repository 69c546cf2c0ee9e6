package dev.rouse.server.wire;

import dev.rouse.server.auth.Access;
import dev.rouse.server.http.PathTemplate;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the public API and the right that each needs, in group {@code rouse.dev}. Roles
 * are written against this table, so it is part of the API.
 */
enum Endpoint {
  SESSION("GET", "/v1/sessions/{session}", "get", "sessions", null),
  EVENTS("GET", "/v1/sessions/{session}/events", "list", "sessions", "events"),
  EVENT_STREAM("GET", "/v1/sessions/{session}/events/stream", "watch", "sessions", "events");

  private final String method;
  private final PathTemplate path;
  private final String verb;
  private final String resource;
  private final @Nullable String subresource;

  Endpoint(String method, String path, String verb, String resource, @Nullable String subresource) {
    this.method = method;
    this.path = new PathTemplate(path);
    this.verb = verb;
    this.resource = resource;
    this.subresource = subresource;
  }

  String method() {
    return method;
  }

  PathTemplate path() {
    return path;
  }

  /** The right to use this endpoint on one session, or on any if {@code name} is null. */
  Access access(String namespace, @Nullable String name) {
    return new Access(namespace, verb, resource, subresource, name);
  }
}
