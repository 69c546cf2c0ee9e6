package dev.rouse.devcluster.tools;

import java.util.List;

/** Reads the little of a go.mod file that matters here. */
final class GoModule {

  private GoModule() {}

  /**
   * The version that a go.mod file requires of one module, in a {@code require} line or block.
   *
   * @throws IllegalStateException if it requires none
   */
  static String version(String goMod, String module) {
    for (String line : goMod.lines().toList()) {
      List<String> words = List.of(line.strip().split("\\s+"));
      int at = words.getFirst().equals("require") ? 1 : 0;
      if (words.size() > at + 1
          && words.get(at).equals(module)
          && words.get(at + 1).startsWith("v")) {
        return words.get(at + 1);
      }
    }
    throw new IllegalStateException("go.mod requires no version of " + module);
  }
}
