package dev.rouse.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Remembers identities for 60 s and granted rights for 10 s, so that a revoked token or role counts
 * no longer than that. Refused rights are never remembered: who was just granted one need not wait.
 * Tokens are kept as hashes only.
 */
public final class CachedReviews implements Reviews {

  static final Duration TOKENS = Duration.ofSeconds(60);
  static final Duration BAD_TOKENS = Duration.ofSeconds(5);
  static final Duration RIGHTS = Duration.ofSeconds(10);
  private static final int SIZE = 10_000;

  private record TokenKey(String hash, String audience) {}

  private record RightKey(Identity who, Access access) {}

  private final Reviews reviews;
  private final ExpiringCache<TokenKey, Optional<Identity>> tokens;
  private final ExpiringCache<RightKey, Boolean> rights;

  public CachedReviews(Reviews reviews, Clock clock) {
    this.reviews = reviews;
    this.tokens = new ExpiringCache<>(clock, SIZE);
    this.rights = new ExpiringCache<>(clock, SIZE);
  }

  @Override
  public Optional<Identity> identify(String token, String audience) {
    TokenKey key = new TokenKey(hash(token), audience);
    Optional<Optional<Identity>> known = tokens.get(key);
    if (known.isPresent()) {
      return known.get();
    }
    Optional<Identity> identity = reviews.identify(token, audience);
    tokens.put(key, identity, identity.isPresent() ? TOKENS : BAD_TOKENS);
    return identity;
  }

  @Override
  public boolean allows(Identity who, Access access) {
    RightKey key = new RightKey(who, access);
    if (rights.get(key).isPresent()) {
      return true;
    }
    boolean allowed = reviews.allows(who, access);
    if (allowed) {
      rights.put(key, true, RIGHTS);
    }
    return allowed;
  }

  private static String hash(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
