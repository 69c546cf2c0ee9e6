package dev.rouse.hands.file;

import dev.rouse.hands.tool.BadInputException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A glob as people write it. The JDK's own does not do: there {@code **}{@code /x} does not match
 * {@code x} itself.
 */
final class GlobPattern {

  private final String glob;
  private final StringBuilder regex = new StringBuilder();
  private int at;
  private int braces;

  private GlobPattern(String glob) {
    this.glob = glob;
  }

  /** The pattern as a regular expression over paths with {@code /} between names. */
  static Pattern compile(String glob) throws BadInputException {
    try {
      return Pattern.compile(new GlobPattern(glob).translate());
    } catch (PatternSyntaxException e) {
      throw new BadInputException("pattern is not a glob: " + e.getDescription());
    }
  }

  private String translate() throws BadInputException {
    while (at < glob.length()) {
      char c = glob.charAt(at++);
      switch (c) {
        case '*' -> star();
        case '?' -> regex.append("[^/]");
        case '[' -> choiceOfCharacters();
        case '{' -> {
          braces++;
          regex.append("(?:");
        }
        case '}' -> {
          regex.append(braces > 0 ? ")" : "\\}");
          braces = Math.max(0, braces - 1);
        }
        case ',' -> regex.append(braces > 0 ? "|" : ",");
        case '\\' ->
            regex.append(Pattern.quote(at < glob.length() ? "" + glob.charAt(at++) : "\\"));
        default -> regex.append(Pattern.quote("" + c));
      }
    }
    if (braces > 0) {
      throw new BadInputException("pattern has a { without }");
    }
    return regex.toString();
  }

  private void star() {
    if (at >= glob.length() || glob.charAt(at) != '*') {
      regex.append("[^/]*");
      return;
    }
    at++;
    if (at < glob.length() && glob.charAt(at) == '/') {
      at++;
      regex.append("(?:.*/)?");
    } else {
      regex.append(".*");
    }
  }

  private void choiceOfCharacters() throws BadInputException {
    int end = glob.indexOf(']', at + 1);
    if (end < 0) {
      throw new BadInputException("pattern has a [ without ]");
    }
    String characters = glob.substring(at, end);
    at = end + 1;
    boolean not = characters.startsWith("!") || characters.startsWith("^");
    String inner =
        (not ? characters.substring(1) : characters).replaceAll("([\\\\\\[&^])", "\\\\$1");
    regex.append("(?!/)[").append(not ? "^" : "").append(inner).append(']');
  }
}
