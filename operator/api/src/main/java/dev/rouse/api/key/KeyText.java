package dev.rouse.api.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What all keys are: a prefix and 256 random bits as 43 characters of URL-safe base 64.
 *
 * <p>Only the SHA-256 of a key is kept. A slow, salted hash is for what people choose: nobody can
 * guess or tabulate 256 random bits.
 */
final class KeyText {

  private static final int BYTES = 32;

  /** Enough of the hash that no two keys meet; the whole of it is compared afterwards. */
  private static final int NAME_DIGITS = 20;

  private KeyText() {}

  static String random(String prefix, SecureRandom random) {
    byte[] bits = new byte[BYTES];
    random.nextBytes(bits);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  static Pattern form(String prefix) {
    return Pattern.compile(prefix + "[A-Za-z0-9_-]{43}");
  }

  /** The SHA-256 of a key, 64 hexadecimal digits. */
  static String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The name of the Secret of the key with this hash. */
  static String secretName(String prefix, String hash) {
    return prefix + hash.substring(0, NAME_DIGITS);
  }

  /** Whether two hashes are one; takes the same time whatever differs. */
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
