package dev.rouse.server.auth;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who calls, as the API server says.
 *
 * @param username for example {@code system:serviceaccount:team-a:ci}
 * @param uid the user's UID; may be empty
 * @param groups the user's groups
 * @param extra further facts, by key
 */
public record Identity(
    String username, String uid, List<String> groups, Map<String, List<String>> extra) {

  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
  private static final String POD_UID = "authentication.kubernetes.io/pod-uid";

  public Identity {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  /** The namespace of a ServiceAccount; empty for everybody else. */
  public Optional<String> namespace() {
    if (!username.startsWith(SERVICE_ACCOUNT)) {
      return Optional.empty();
    }
    String rest = username.substring(SERVICE_ACCOUNT.length());
    int colon = rest.indexOf(':');
    return colon <= 0 ? Optional.empty() : Optional.of(rest.substring(0, colon));
  }

  /** The pod that the token is bound to: gone with it, and not to be claimed by another. */
  public Optional<String> podUid() {
    List<String> uids = extra.getOrDefault(POD_UID, List.of());
    return uids.size() == 1 ? Optional.of(uids.getFirst()) : Optional.empty();
  }
}
