package dev.rouse.api.key;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The key of a self-hosted environment, by which its workers are known: {@code rouse-env_} and 256
 * random bits as 43 characters of URL-safe base 64.
 *
 * @param text the whole key; never to be logged
 */
public record EnvironmentKey(String text) {

  /** How every key begins; no API key does. */
  public static final String PREFIX = "rouse-env_";

  private static final Pattern FORM = KeyText.form(PREFIX);

  public EnvironmentKey {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("an environment key is " + PREFIX + " and 43 characters");
    }
  }

  /** A new key. */
  public static EnvironmentKey random(SecureRandom random) {
    return new EnvironmentKey(KeyText.random(PREFIX, random));
  }

  /** Whether a credential means to be an environment key, well formed or not. */
  public static boolean isMeantBy(String credential) {
    return credential.startsWith(PREFIX);
  }

  /** The key that this text is, or empty if it has not the form of one. */
  public static Optional<EnvironmentKey> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new EnvironmentKey(text)) : Optional.empty();
  }

  /** The SHA-256 of the key, 64 hexadecimal digits. */
  public String hash() {
    return KeyText.hash(text);
  }

  /** The name of the Secret that says which environment this key is for. */
  public String secretName() {
    return secretName(hash());
  }

  static String secretName(String hash) {
    return KeyText.secretName("rouse-env-key-", hash);
  }

  /** Without the key: a name for it that may be shown. */
  @Override
  public String toString() {
    return "EnvironmentKey[" + secretName() + "]";
  }
}
