package dev.rouse.server.auth;

import dev.rouse.api.key.EnvironmentGrant;
import dev.rouse.api.key.EnvironmentKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a self-hosted environment, as its credential says. It is nobody that the cluster
 * knows, so it has no rights but what the endpoints give to workers.
 *
 * @param key the Secret of the environment key that it has, or that its item was claimed with
 * @param namespace of the environment
 * @param environmentUid the Environment's UID
 * @param item the one session and item that it may work for; null with an environment key
 */
public record Worker(String key, String namespace, String environmentUid, @Nullable Item item) {

  private static final String NAME = "rouse:environment-key:";
  private static final String NAMESPACE = "rouse.dev/namespace";
  private static final String ENVIRONMENT = "rouse.dev/environment";
  private static final String KEY = "rouse.dev/environment-key";
  private static final String SESSION = "rouse.dev/session";
  private static final String WORK = "rouse.dev/work";

  /** What a worker's ticket is for. */
  public record Item(String sessionUid, String workUid) {}

  /**
   * Whether a credential means to be a worker's. Decides alone: what the API server says of others
   * is never taken for a worker's.
   */
  public static boolean isMeantBy(String credential) {
    return EnvironmentKey.isMeantBy(credential) || WorkTicket.isMeantBy(credential);
  }

  static Identity identity(EnvironmentGrant grant, @Nullable WorkTicket ticket) {
    Map<String, List<String>> extra = new HashMap<>();
    extra.put(KEY, List.of(grant.secretName()));
    extra.put(NAMESPACE, List.of(grant.namespace()));
    extra.put(ENVIRONMENT, List.of(grant.uid()));
    if (ticket != null) {
      extra.put(SESSION, List.of(ticket.sessionUid()));
      extra.put(WORK, List.of(ticket.workUid()));
    }
    return new Identity(NAME + grant.secretName(), grant.uid(), List.of(), extra);
  }

  /** The worker that an identity is whose credential was a worker's. */
  public static Worker of(Identity identity) {
    Optional<String> session = one(identity, SESSION);
    return new Worker(
        one(identity, KEY).orElseThrow(),
        one(identity, NAMESPACE).orElseThrow(),
        one(identity, ENVIRONMENT).orElseThrow(),
        session.map(uid -> new Item(uid, one(identity, WORK).orElseThrow())).orElse(null));
  }

  private static Optional<String> one(Identity identity, String key) {
    return identity.extra().getOrDefault(key, List.of()).stream().findFirst();
  }

  /** For people, in a sentence. */
  public String describe() {
    return item == null ? "an environment key" : "the token of a work item";
  }
}
