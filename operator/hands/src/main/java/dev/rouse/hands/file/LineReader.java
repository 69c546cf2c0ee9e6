package dev.rouse.hands.file;

import dev.rouse.hands.tool.Deadline;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.session.tools.AgentToolset;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads lines of a file of any size, with lines of any length, in little memory. */
final class LineReader {

  private LineReader() {}

  /**
   * What was read.
   *
   * @param text the lines, as they stand in the file
   * @param lines how many lines were looked at: all of the file's, unless the range ended before
   * @param notice what to say below the text when it had to be cut; else empty
   */
  record Part(String text, long lines, String notice) {}

  static Part read(Path file, ViewRange range, ToolCall call) throws IOException {
    Deadline deadline = Deadline.of(call, call.timeout());
    StringBuilder text = new StringBuilder();
    long line = 1;
    boolean inLine = false;
    char[] chunk = new char[16 * 1024];
    // A reader of its own decoding: what is not UTF-8 becomes U+FFFD.
    try (Reader in = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        for (int i = 0; i < count; i++) {
          if (line > range.last()) {
            return new Part(text.toString(), line - 1, "");
          }
          if (line >= range.first()) {
            if (text.length() == AgentToolset.MAX_RESULT_CHARACTERS) {
              return cut(text, line);
            }
            text.append(chunk[i] == '\0' ? '\uFFFD' : chunk[i]);
          }
          inLine = chunk[i] != '\n';
          line += inLine ? 0 : 1;
        }
        if (deadline.isOver()) {
          return new Part(
              text.toString(), line, "\n[... ended at line " + line + ": it took too long ...]");
        }
      }
    }
    return new Part(text.toString(), inLine ? line : line - 1, "");
  }

  private static Part cut(StringBuilder text, long line) {
    int end = text.length();
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return new Part(
        text.substring(0, end),
        line,
        "\n[... shortened at "
            + AgentToolset.MAX_RESULT_CHARACTERS
            + " characters, in line "
            + line
            + "; go on with view_range ["
            + line
            + ", 0] ...]");
  }
}
