package dev.rouse.hands.file;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Deadline;
import dev.rouse.hands.tool.Workspace;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The search without ripgrep. */
record JavaGrep(Workspace workspace) {

  private static final int LOOK_FOR_NUL = 8 * 1024;

  /** What stands behind that in a line is not searched. */
  private static final int MAX_SEARCHED = 1024 * 1024;

  void search(String pattern, Path start, Deadline deadline, Matches matches)
      throws BadInputException, IOException {
    Pattern regex;
    try {
      regex = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new BadInputException(
          "pattern is not a regular expression: " + e.getDescription() + " at " + e.getIndex());
    }
    try {
      FileWalk.walk(
          workspace, start, deadline, (file, _) -> searchFile(regex, file, deadline, matches));
    } catch (TooLongException e) {
      // The deadline is over, and the result says so.
    }
  }

  private boolean searchFile(Pattern regex, Path file, Deadline deadline, Matches matches) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 64 * 1024)) {
      in.mark(LOOK_FOR_NUL);
      for (byte b : in.readNBytes(LOOK_FOR_NUL)) {
        if (b == 0) {
          return true;
        }
      }
      in.reset();
      return searchLines(regex, workspace.show(file), in, deadline, matches);
    } catch (IOException notReadable) {
      return true;
    }
  }

  private static boolean searchLines(
      Pattern regex, String name, InputStream in, Deadline deadline, Matches matches)
      throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long number = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.reset();
      for (; b >= 0 && b != '\n'; b = in.read()) {
        if (line.size() < MAX_SEARCHED) {
          line.write(b);
        }
      }
      number++;
      String text = line.toString(StandardCharsets.UTF_8);
      text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      if (regex.matcher(new Watched(text, deadline)).find()
          && !matches.add(name + ":" + number + ":" + shortened(text))) {
        return false;
      }
    }
    return !deadline.isOver();
  }

  private static String shortened(String line) {
    return line.length() <= Matches.MAX_LINE
        ? line
        : line.substring(0, Matches.MAX_LINE) + " [... shortened ...]";
  }

  /** Thrown in the middle of a match that takes too long. */
  private static final class TooLongException extends RuntimeException {
    TooLongException() {
      super("the regular expression took too long");
    }
  }

  /** A line that knows the deadline: a regular expression can take for ever on a short text. */
  private static final class Watched implements CharSequence {
    private static final int ASK_EVERY = 1 << 14;

    private final CharSequence text;
    private final Deadline deadline;
    private int asked;

    Watched(CharSequence text, Deadline deadline) {
      this.text = text;
      this.deadline = deadline;
    }

    @Override
    public char charAt(int index) {
      if (++asked % ASK_EVERY == 0 && deadline.isOver()) {
        throw new TooLongException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
