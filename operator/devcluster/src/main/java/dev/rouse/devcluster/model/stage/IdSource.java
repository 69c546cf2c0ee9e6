package dev.rouse.devcluster.model.stage;

import java.security.SecureRandom;
import java.util.Random;

/** Makes ids. */
@FunctionalInterface
public interface IdSource {

  /** An id never given before, such as {@code toolu_01…} for the prefix {@code toolu}. */
  String next(String prefix);

  /** Ids that look like those of the real service. */
  static IdSource random() {
    var random = new SecureRandom();
    return prefix -> prefix + "_01" + letters(random, 22);
  }

  private static String letters(Random random, int count) {
    String alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    var letters = new StringBuilder();
    for (int i = 0; i < count; i++) {
      letters.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return letters.toString();
  }
}
