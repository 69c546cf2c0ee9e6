package dev.rouse.server.wire;

import dev.rouse.server.auth.Access;
import dev.rouse.server.auth.Worker;
import dev.rouse.server.http.PathTemplate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the public API and the right that each needs, in group {@code rouse.dev}, or the
 * credential of workers. Roles are written against this table, so it is part of the API.
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

  WORK_LIST("GET", "/v1/environments/{environment}/work", WorkerAccess.WITH_KEY),
  WORK_POLL("GET", "/v1/environments/{environment}/work/poll", WorkerAccess.WITH_KEY),
  WORK_STATS(
      "GET",
      "/v1/environments/{environment}/work/stats",
      "get",
      "environments/work",
      WorkerAccess.WITH_KEY),
  WORK("GET", "/v1/environments/{environment}/work/{work}", "get", "environments/work"),
  WORK_UPDATE("POST", "/v1/environments/{environment}/work/{work}", "update", "environments/work"),
  WORK_ACK("POST", "/v1/environments/{environment}/work/{work}/ack", WorkerAccess.WITH_EITHER),
  WORK_HEARTBEAT(
      "POST", "/v1/environments/{environment}/work/{work}/heartbeat", WorkerAccess.WITH_EITHER),
  WORK_STOP(
      "POST",
      "/v1/environments/{environment}/work/{work}/stop",
      "update",
      "environments/work",
      WorkerAccess.WITH_EITHER),

  SESSION_CREATE("POST", "/v1/sessions", "create", "sessions"),
  SESSION_LIST("GET", "/v1/sessions", "list", "sessions"),
  SESSION("GET", "/v1/sessions/{session}", "get", "sessions", WorkerAccess.WITH_EITHER),
  SESSION_UPDATE("POST", "/v1/sessions/{session}", "update", "sessions"),
  SESSION_ARCHIVE("POST", "/v1/sessions/{session}/archive", "update", "sessions"),
  SESSION_DELETE("DELETE", "/v1/sessions/{session}", "delete", "sessions"),

  EVENTS(
      "GET", "/v1/sessions/{session}/events", "list", "sessions/events", WorkerAccess.WITH_EITHER),
  /** What a send needs depends on what is sent, see {@link #EVENT_APPROVE}. */
  EVENT_SEND(
      "POST",
      "/v1/sessions/{session}/events",
      "create",
      "sessions/events",
      WorkerAccess.WITH_EITHER),
  EVENT_STREAM(
      "GET",
      "/v1/sessions/{session}/events/stream",
      "watch",
      "sessions/events",
      WorkerAccess.WITH_EITHER),
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

  /** With which credentials workers of self-hosted environments may call. */
  private enum WorkerAccess {
    NEVER(""),
    WITH_KEY("an environment key"),
    /** With the token of a work item for its own session and item. */
    WITH_EITHER("an environment key or a work item's token");

    private final String what;

    WorkerAccess(String what) {
      this.what = what;
    }
  }

  private final String method;
  private final PathTemplate path;
  private final @Nullable Right right;
  private final WorkerAccess workers;

  /**
   * @param subresource or null
   */
  private record Right(String verb, String resource, @Nullable String subresource) {}

  Endpoint(String method, String path, String verb, String resource) {
    this(method, path, verb, resource, WorkerAccess.NEVER);
  }

  Endpoint(String method, String path, String verb, String resource, WorkerAccess workers) {
    List<String> parts = List.of(resource.split("/"));
    this.method = method;
    this.path = new PathTemplate(path);
    this.right = new Right(verb, parts.getFirst(), parts.size() == 1 ? null : parts.getLast());
    this.workers = workers;
  }

  /** For workers alone. */
  Endpoint(String method, String path, WorkerAccess workers) {
    this.method = method;
    this.path = new PathTemplate(path);
    this.right = null;
    this.workers = workers;
  }

  String method() {
    return method;
  }

  PathTemplate path() {
    return path;
  }

  /** What a caller needs, for people. */
  String needs() {
    String account = right == null ? "" : access("", null).describe();
    return account + (account.isEmpty() || workers.what.isEmpty() ? "" : ", or ") + workers.what;
  }

  /** Whether it is for workers alone. */
  boolean isForWorkersOnly() {
    return right == null;
  }

  /** Whether a worker may call it. */
  boolean takes(Worker worker) {
    return switch (workers) {
      case NEVER -> false;
      case WITH_KEY -> worker.item() == null;
      case WITH_EITHER -> true;
    };
  }

  /**
   * The right to use this endpoint on one object, or on any if {@code name} is null. Not of those
   * for workers alone.
   */
  Access access(String namespace, @Nullable String name) {
    Right needed = Objects.requireNonNull(right, "no right opens " + path.text());
    return new Access(namespace, needed.verb(), needed.resource(), needed.subresource(), name);
  }
}
