package dev.rouse.api.key;

import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom an API key stands for, as an immutable Secret of the release namespace holds it. Its name
 * follows from the key, so that it is found with one {@code get}; deleting it revokes the key.
 *
 * @param hash of the key, {@link ApiKey#hash()}
 * @param namespace of the ServiceAccount
 * @param serviceAccount the ServiceAccount's name
 * @param uid the ServiceAccount's UID: another one of the same name is somebody else
 * @param created when
 * @param expires from when it is no longer taken; null: never
 * @param name what a person called it; may be empty
 */
public record KeyGrant(
    String hash,
    String namespace,
    String serviceAccount,
    String uid,
    Instant created,
    @Nullable Instant expires,
    String name) {

  /** On every such Secret, {@code true}. */
  public static final String LABEL = "rouse.dev/api-key";

  /** The type of every such Secret; it can never be changed, so no other Secret becomes one. */
  public static final String TYPE = "rouse.dev/api-key";

  private static final String HASH = "hash";
  private static final String NAMESPACE = "namespace";
  private static final String SERVICE_ACCOUNT = "service-account";
  private static final String UID = "uid";
  private static final String CREATED = "created";
  private static final String EXPIRES = "expires";
  private static final String NAME = "name";

  /** The Secret's name. */
  public String secretName() {
    return ApiKey.secretName(hash);
  }

  /** Whether this is about {@code key}; takes the same time whatever differs. */
  public boolean isAbout(ApiKey key) {
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
    text.put(SERVICE_ACCOUNT, serviceAccount);
    text.put(UID, uid);
    text.put(CREATED, created.toString());
    if (expires != null) {
      text.put(EXPIRES, expires.toString());
    }
    text.put(NAME, name);
    return GrantSecret.of(TYPE, releaseNamespace, secretName(), text);
  }

  /** What a Secret holds; empty if it is no whole grant. */
  public static Optional<KeyGrant> of(Secret secret) {
    return GrantSecret.read(
        secret,
        TYPE,
        text -> {
          KeyGrant grant =
              new KeyGrant(
                  text.apply(HASH),
                  text.apply(NAMESPACE),
                  text.apply(SERVICE_ACCOUNT),
                  text.apply(UID),
                  Instant.parse(text.apply(CREATED)),
                  GrantSecret.time(text.apply(EXPIRES)),
                  text.apply(NAME));
          boolean whole =
              grant.hash().matches("[0-9a-f]{64}")
                  && !grant.namespace().isEmpty()
                  && !grant.serviceAccount().isEmpty()
                  && !grant.uid().isEmpty()
                  && grant.secretName().equals(secret.getMetadata().getName());
          return whole ? Optional.of(grant) : Optional.empty();
        });
  }
}
