package dev.rouse.hands.file;

import dev.rouse.hands.tool.Deadline;
import dev.rouse.session.tools.AgentToolset;

/** Matching lines, as many as a result may hold. */
final class Matches {

  /** A line of a minified file says no more in full. */
  static final int MAX_LINE = 1_000;

  /** Room for the notice below. */
  private static final int MAX = AgentToolset.MAX_RESULT_CHARACTERS - 200;

  private final StringBuilder text = new StringBuilder();
  private boolean full;

  /** Adds {@code path:line:text}; false if there is no more room. */
  boolean add(String match) {
    String line = match.replace('\0', '\uFFFD');
    if (text.length() + line.length() + 1 > MAX) {
      full = true;
      return false;
    }
    text.append(text.isEmpty() ? "" : "\n").append(line);
    return true;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  String text(Deadline deadline) {
    String found = text.isEmpty() ? "No matches." : text.toString();
    if (full) {
      return found + "\n[... there are more matches: narrow the pattern or the path ...]";
    }
    return deadline.isOver()
        ? found
            + "\n[... the search ended early, after "
            + deadline.limit().toSeconds()
            + " s: narrow the path ...]"
        : found;
  }
}
