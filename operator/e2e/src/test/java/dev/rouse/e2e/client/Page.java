package dev.rouse.e2e.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation, as somebody reads it who copies every block into a terminal. What
 * stands under {@code <!-- by hand -->} needs something that only a person has.
 */
record Page(String text) {

  private static final Pattern BLOCK =
      Pattern.compile(
          "(<!-- by hand -->\n)?^```(\\w+)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  static Page at(Path file) {
    try {
      return new Page(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All blocks of a language, in order, as one text. */
  String blocks(String language) {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      if (block.group(1) == null && block.group(2).equals(language)) {
        blocks.add(block.group(3));
      }
    }
    if (blocks.isEmpty()) {
      throw new AssertionError("the page has no block of " + language);
    }
    return String.join("\n", blocks);
  }

  /** The first group of a pattern's first find. */
  String find(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("the page has no " + pattern);
    }
    return matcher.group(1);
  }
}
