package dev.rouse.cli;

import java.util.Locale;

/**
 * Text of models, tools and others, as it may go to a terminal: what steers one, or turns the order
 * of letters, is written out. Else a model could rewrite the very line that asks for leave.
 */
final class Plain {

  private Plain() {}

  /** The text with line breaks and tabs as they are. */
  static String of(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          if (steers(point)) {
            plain.append(String.format(Locale.ROOT, "\\u%04x", point));
          } else {
            plain.appendCodePoint(point);
          }
        });
    return plain.toString();
  }

  private static boolean steers(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL -> point != '\n' && point != '\t';
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }
}
