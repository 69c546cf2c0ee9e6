package dev.rouse.server;

import dev.rouse.api.Environment;
import dev.rouse.api.key.EnvironmentGrant;
import dev.rouse.api.key.EnvironmentKey;
import dev.rouse.server.auth.WorkerReviews;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keys of self-hosted environments, as Secrets of the release namespace would hold them. */
public final class FakeGrants implements WorkerReviews.Grants {

  private final Map<String, EnvironmentGrant> grants = new ConcurrentHashMap<>();

  /** A new key of an environment. @return its text */
  public String issue(Environment environment) {
    String text = EnvironmentKey.random(new SecureRandom()).text();
    put(text, environment);
    return text;
  }

  /** Makes a key good for an environment. */
  public void put(String text, Environment environment) {
    EnvironmentKey key = EnvironmentKey.of(text).orElseThrow();
    grants.put(
        key.secretName(),
        new EnvironmentGrant(
            key.hash(),
            environment.getMetadata().getNamespace(),
            environment.getMetadata().getName(),
            environment.getMetadata().getUid(),
            Instant.EPOCH,
            null,
            ""));
  }

  /** Revokes a key. */
  public void revoke(String text) {
    grants.remove(EnvironmentKey.of(text).orElseThrow().secretName());
  }

  @Override
  public Optional<EnvironmentGrant> named(String secret) {
    return Optional.ofNullable(grants.get(secret));
  }
}
