package dev.rouse.api.key;

import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which environment a key is for, as an immutable Secret of the release namespace holds it. Its
 * name follows from the key, so that it is found with one {@code get}; deleting it revokes the key.
 *
 * @param hash of the key, {@link EnvironmentKey#hash()}
 * @param namespace of the Environment
 * @param environment the Environment's name
 * @param uid the Environment's UID: another one of the same name is not meant
 * @param created when
 * @param expires from when it is no longer taken; null: never
 * @param name what a person called it; may be empty
 */
public record EnvironmentGrant(
    String hash,
    String namespace,
    String environment,
    String uid,
    Instant created,
    @Nullable Instant expires,
    String name) {

  /** On every such Secret, {@code true}. */
  public static final String LABEL = "rouse.dev/environment-key";

  /** The type of every such Secret. */
  public static final String TYPE = LABEL;

  private static final String HASH = "hash";
  private static final String NAMESPACE = "namespace";
  private static final String ENVIRONMENT = "environment";
  private static final String UID = "uid";
  private static final String CREATED = "created";
  private static final String EXPIRES = "expires";
  private static final String NAME = "name";

  /** The Secret's name. */
  public String secretName() {
    return EnvironmentKey.secretName(hash);
  }

  /** Whether this is about {@code key}; takes the same time whatever differs. */
  public boolean isAbout(EnvironmentKey key) {
    return KeyText.same(hash, key.hash());
  }

  public boolean isExpired(Instant now) {
    return expires != null && !now.isBefore(expires);
  }

  /** The Secret that holds this, in {@code releaseNamespace}. */
  public Secret toSecret(String releaseNamespace) {
    Map<String, String> text = new LinkedHashMap<>();
    text.put(HASH, hash);
    text.put(NAMESPACE, namespace);
    text.put(ENVIRONMENT, environment);
    text.put(UID, uid);
    text.put(CREATED, created.toString());
    text.put(EXPIRES, GrantSecret.text(expires));
    text.put(NAME, name);
    return GrantSecret.of(TYPE, releaseNamespace, secretName(), text);
  }

  /** What a Secret holds; empty if it is no whole grant. */
  public static Optional<EnvironmentGrant> of(Secret secret) {
    return GrantSecret.read(
        secret,
        TYPE,
        text -> {
          EnvironmentGrant grant =
              new EnvironmentGrant(
                  text.apply(HASH),
                  text.apply(NAMESPACE),
                  text.apply(ENVIRONMENT),
                  text.apply(UID),
                  Instant.parse(text.apply(CREATED)),
                  GrantSecret.time(text.apply(EXPIRES)),
                  text.apply(NAME));
          boolean whole =
              grant.hash().matches("[0-9a-f]{64}")
                  && !grant.namespace().isEmpty()
                  && !grant.environment().isEmpty()
                  && !grant.uid().isEmpty()
                  && grant.secretName().equals(secret.getMetadata().getName());
          return whole ? Optional.of(grant) : Optional.empty();
        });
  }
}
