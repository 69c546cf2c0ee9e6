package dev.rouse.server.auth;

import org.jspecify.annotations.Nullable;

/**
 * A right in the sense of Kubernetes, in group {@code rouse.dev}.
 *
 * @param namespace where
 * @param verb for example {@code get}
 * @param resource for example {@code sessions}
 * @param subresource for example {@code events}, or null
 * @param name of one object, or null for any
 */
public record Access(
    String namespace,
    String verb,
    String resource,
    @Nullable String subresource,
    @Nullable String name) {

  /** As it is written in roles: {@code list sessions/events}. */
  public String describe() {
    return verb + " " + resource + (subresource == null ? "" : "/" + subresource);
  }
}
