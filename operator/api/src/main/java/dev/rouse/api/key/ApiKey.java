package dev.rouse.api.key;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key that a program sends instead of a Kubernetes token: {@code rouse_} and 256 random bits as
 * 43 characters of URL-safe base 64. The prefix tells it from every other credential.
 *
 * @param text the whole key; never to be logged
 */
public record ApiKey(String text) {

  /** How every key begins. */
  public static final String PREFIX = "rouse_";

  private static final Pattern FORM = KeyText.form(PREFIX);

  public ApiKey {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("an API key is " + PREFIX + " and 43 characters");
    }
  }

  /** A new key. */
  public static ApiKey random(SecureRandom random) {
    return new ApiKey(KeyText.random(PREFIX, random));
  }

  /** Whether a credential means to be a key of ours, well formed or not. */
  public static boolean isMeantBy(String credential) {
    return credential.startsWith(PREFIX);
  }

  /** The key that this text is, or empty if it has not the form of one. */
  public static Optional<ApiKey> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new ApiKey(text)) : Optional.empty();
  }

  /** The SHA-256 of the key, 64 hexadecimal digits. */
  public String hash() {
    return KeyText.hash(text);
  }

  /** The name of the Secret that says whom this key stands for. */
  public String secretName() {
    return secretName(hash());
  }

  static String secretName(String hash) {
    return KeyText.secretName("rouse-key-", hash);
  }

  /** Without the key: a name for it that may be shown. */
  @Override
  public String toString() {
    return "ApiKey[" + secretName() + "]";
  }
}
