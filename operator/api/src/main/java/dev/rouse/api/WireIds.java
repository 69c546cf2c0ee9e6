package dev.rouse.api;

import java.math.BigInteger;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The wire's ids of objects: a prefix and the object's UID (128 bits) as 22 base-58 characters, for
 * example {@code sesn_4ER8Yr7kTzWmUGLyPDNkZn}.
 *
 * <p>An id is the UID written differently, so that nothing has to be stored or looked up to go from
 * one to the other, and an object that is made again under its old name has another id.
 */
public final class WireIds {

  private static final String AGENT = "agent_";
  private static final String ENVIRONMENT = "env_";
  private static final String SESSION = "sesn_";
  private static final String WORK = "work_";

  /** Without 0, O, I and l, which people confuse. */
  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  private static final BigInteger BASE = BigInteger.valueOf(ALPHABET.length());

  /** 58^22 is the first power of 58 above 2^128. */
  private static final int LENGTH = 22;

  private WireIds() {}

  /** The wire id of an Agent. @throws IllegalArgumentException when {@code uid} is no UUID */
  public static String agent(String uid) {
    return AGENT + encode(uid);
  }

  /** The wire id of an Environment. @throws IllegalArgumentException when {@code uid} is no UUID */
  public static String environment(String uid) {
    return ENVIRONMENT + encode(uid);
  }

  /** The wire id of a Session. @throws IllegalArgumentException when {@code uid} is no UUID */
  public static String session(String uid) {
    return SESSION + encode(uid);
  }

  /** The wire id of a work item. @param uid of its Lease */
  public static String work(String uid) {
    return WORK + encode(uid);
  }

  /** The UID within an id of any kind, or empty if the text is not an id of ours. */
  public static Optional<String> uidOf(String id) {
    return agentUidOf(id).or(() -> environmentUidOf(id)).or(() -> sessionUidOf(id));
  }

  /** The UID within an Agent's id, or empty if the text is not one. */
  public static Optional<String> agentUidOf(String id) {
    return decode(AGENT, id);
  }

  /** The UID within an Environment's id, or empty if the text is not one. */
  public static Optional<String> environmentUidOf(String id) {
    return decode(ENVIRONMENT, id);
  }

  /** The UID within a Session's id, or empty if the text is not one. */
  public static Optional<String> sessionUidOf(String id) {
    return decode(SESSION, id);
  }

  /** The Lease's UID within a work item's id, or empty if the text is not one. */
  public static Optional<String> workUidOf(String id) {
    return decode(WORK, id);
  }

  private static String encode(String uid) {
    UUID uuid = canonical(uid);
    if (uuid == null) {
      throw new IllegalArgumentException("not a UID of a Kubernetes object: " + uid);
    }
    BigInteger number = new BigInteger(uuid.toString().replace("-", ""), 16);
    char[] text = new char[LENGTH];
    for (int i = LENGTH - 1; i >= 0; i--) {
      BigInteger[] parts = number.divideAndRemainder(BASE);
      text[i] = ALPHABET.charAt(parts[1].intValue());
      number = parts[0];
    }
    return new String(text);
  }

  private static Optional<String> decode(String prefix, String id) {
    if (!id.startsWith(prefix) || id.length() != prefix.length() + LENGTH) {
      return Optional.empty();
    }
    BigInteger number = BigInteger.ZERO;
    for (int i = prefix.length(); i < id.length(); i++) {
      int digit = ALPHABET.indexOf(id.charAt(i));
      if (digit < 0) {
        return Optional.empty();
      }
      number = number.multiply(BASE).add(BigInteger.valueOf(digit));
    }
    if (number.bitLength() > 128) {
      return Optional.empty();
    }
    return Optional.of(new UUID(number.shiftRight(64).longValue(), number.longValue()).toString());
  }

  /** The UUID if {@code text} is its only spelling: the way back must give the same text. */
  private static @Nullable UUID canonical(String text) {
    try {
      UUID uuid = UUID.fromString(text);
      return uuid.toString().equals(text) ? uuid : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
