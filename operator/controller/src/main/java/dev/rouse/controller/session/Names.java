package dev.rouse.controller.session;

import dev.rouse.api.Session;
import java.util.OptionalInt;

/**
 * Names of what belongs to a session: {@code <session cut to 40>-<first 8 of its UID>-…}. A
 * numbered name is a claim: there can be one such object only, whoever creates it.
 */
final class Names {

  private static final int LONGEST = 40;
  private static final int UID = 8;
  private static final String BRAIN = "-brain-";
  private static final String HANDS = "-hands-";

  private final String prefix;

  private Names(String prefix) {
    this.prefix = prefix;
  }

  static Names of(Session session) {
    String name = session.getMetadata().getName();
    String cut = name.length() <= LONGEST ? name : name.substring(0, LONGEST);
    // A name may not hold ".-": what the cut leaves at the end has to go.
    return new Names(
        cut.replaceFirst("[^a-z0-9]+$", "")
            + "-"
            + session.getMetadata().getUid().substring(0, UID));
  }

  String brain(int number) {
    return prefix + BRAIN + number;
  }

  String hands(int generation) {
    return prefix + HANDS + generation;
  }

  String workspace() {
    return prefix + "-workspace";
  }

  /** The number within a brain's name, or empty if it is another's name. */
  OptionalInt brainNumber(String name) {
    return number(name, prefix + BRAIN);
  }

  /** The generation within the hands' name, or empty if it is another's name. */
  OptionalInt handsGeneration(String name) {
    return number(name, prefix + HANDS);
  }

  private static OptionalInt number(String name, String start) {
    if (!name.startsWith(start) || !name.substring(start.length()).matches("[1-9][0-9]{0,8}")) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(Integer.parseInt(name.substring(start.length())));
  }
}
