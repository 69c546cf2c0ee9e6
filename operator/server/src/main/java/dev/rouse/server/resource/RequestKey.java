package dev.rouse.server.resource;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * What a creation with an {@code Idempotency-Key} is recognised by when it comes again: the key
 * decides the object's name, so that there can be one object only, and the object says of which
 * request it is.
 *
 * @param hash of who asks, where, and the key; a part of an object's name
 * @param digest of who asks, the key, and what is asked for
 */
public record RequestKey(String hash, String digest) {

  /** Characters; with their radix 124 bits, which no two keys have in common by chance. */
  private static final int HASH = 24;

  private static final int RADIX = 36;

  /**
   * Of a request.
   *
   * @param body in a form that is the same whenever the same is meant
   */
  public static RequestKey of(String principal, String workspace, String key, String body) {
    String number = new BigInteger(1, sha256(principal, workspace, key)).toString(RADIX);
    String padded = "0".repeat(HASH) + number;
    return new RequestKey(
        padded.substring(padded.length() - HASH),
        HexFormat.of().formatHex(sha256(principal, key, body)));
  }

  /** A digest of texts that is another one when they are cut in other places. */
  public static byte[] sha256(String... texts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (String text : texts) {
        byte[] bytes = text.getBytes(UTF_8);
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        sha.update(bytes);
      }
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The name of the one object that the key can make. @param kind for people, lower case */
  public String name(String kind) {
    return kind + "-key-" + hash;
  }

  /** What the object says of the request that made it. */
  public Map<String, String> annotations() {
    return Map.of(Rouse.REQUEST_ANNOTATION, digest);
  }

  /** Whether this very request made the object. */
  public boolean made(HasMetadata object) {
    return digest.equals(digestOf(object));
  }

  /** Says why an object that this request did not make stands against it, for people. */
  public static String conflict(HasMetadata object) {
    return digestOf(object).isEmpty()
        ? "Idempotency-Key: it leads to %s %s/%s, which was not made with it: choose another key"
            .formatted(
                object.getKind(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName())
        : "Idempotency-Key: it was used for another request: choose a new key for a new request";
  }

  private static String digestOf(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(Rouse.REQUEST_ANNOTATION, "");
  }
}
