package dev.rouse.api.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key that a program sends instead of a Kubernetes token: {@code rouse_} and 256 random bits as
 * 43 characters of URL-safe base 64. The prefix tells it from every other credential.
 *
 * <p>Only its SHA-256 is kept. A slow, salted hash is for what people choose: nobody can guess or
 * tabulate 256 random bits.
 *
 * @param text the whole key; never to be logged
 */
public record ApiKey(String text) {

  /** How every key begins. */
  public static final String PREFIX = "rouse_";

  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  /** Enough of the hash that no two keys meet; the whole of it is compared afterwards. */
  private static final int NAME_DIGITS = 20;

  public ApiKey {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("an API key is " + PREFIX + " and 43 characters");
    }
  }

  /** A new key. */
  public static ApiKey random(SecureRandom random) {
    byte[] bits = new byte[BYTES];
    random.nextBytes(bits);
    return new ApiKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
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
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The name of the Secret that says whom this key stands for. */
  public String secretName() {
    return secretName(hash());
  }

  static String secretName(String hash) {
    return "rouse-key-" + hash.substring(0, NAME_DIGITS);
  }

  /** Without the key: a name for it that may be shown. */
  @Override
  public String toString() {
    return "ApiKey[" + secretName() + "]";
  }
}
