package dev.rouse.session;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Mints identifiers of the wire's form: a prefix and 24 base-58 characters (about 140 random bits).
 *
 * <p>An interface so that tests can make them predictable.
 */
@FunctionalInterface
public interface Ids {

  /**
   * A new identifier.
   *
   * @param prefix the wire's prefix without underscore, for example {@code sevt}
   */
  String next(String prefix);

  /** A new event id. */
  default String event() {
    return next("sevt");
  }

  /** Identifiers that nobody can guess. */
  static Ids random() {
    return from(new SecureRandom());
  }

  /** Identifiers drawn from {@code random}. */
  static Ids from(RandomGenerator random) {
    String alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    return prefix -> {
      StringBuilder id = new StringBuilder(prefix).append("_");
      for (int i = 0; i < 24; i++) {
        id.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      return id.toString();
    };
  }
}
