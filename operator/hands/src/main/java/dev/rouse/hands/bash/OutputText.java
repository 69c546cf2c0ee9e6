package dev.rouse.hands.bash;

import dev.rouse.hands.tool.Workspace;
import dev.rouse.session.tools.AgentToolset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Makes of an output what the model is shown: all of it, or its two ends and where the rest is. */
final class OutputText {

  private static final int PREVIEW_HEAD = 10_000;
  private static final int PREVIEW_TAIL = 30_000;

  private final Workspace workspace;

  OutputText(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * @param toolUseId names the file, if there is to be one
   */
  String of(Output output, String toolUseId) {
    if (output.isWhole()) {
      String text = decoded(output.head(), 0, output.head().length);
      if (text.length() <= AgentToolset.MAX_RESULT_CHARACTERS) {
        return text;
      }
    }
    byte[] head = output.head();
    byte[] tail = output.tail();
    String first = firstOf(decoded(head, 0, completeEnd(head)));
    String last = lastOf(decoded(tail, completeStart(tail), tail.length));
    return first + "\n" + notice(output, toolUseId) + "\n" + last;
  }

  private String notice(Output output, String toolUseId) {
    Path file = workspace.outputs().resolve(toolUseId + ".txt");
    String size = "[... shortened: the output has " + output.size() + " bytes";
    try {
      workspace.makeOutputs();
      output.saveTo(file);
    } catch (IOException e) {
      return size + " and the middle is lost: " + e.getMessage() + " ...]";
    }
    String problem = output.fileProblem();
    return size
        + "; all of it is in "
        + workspace.show(file)
        + (problem == null ? "" : " except that " + problem)
        + " ...]";
  }

  private static String firstOf(String text) {
    int end = Math.min(PREVIEW_HEAD, text.length());
    return text.substring(
        0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }

  private static String lastOf(String text) {
    int start = Math.max(0, text.length() - PREVIEW_TAIL);
    return text.substring(
        start < text.length() && Character.isLowSurrogate(text.charAt(start)) ? start + 1 : start);
  }

  /** What is not UTF-8 becomes U+FFFD, and so does NUL, which not every store can hold. */
  private static String decoded(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
  }

  /** Behind the last whole character: the cut is ours, not the command's. */
  private static int completeEnd(byte[] bytes) {
    int end = bytes.length;
    for (int back = 1; back <= 3 && back <= bytes.length; back++) {
      int b = bytes[bytes.length - back] & 0xFF;
      if (b >= 0xC0) {
        return bytes.length - back;
      }
      if (b < 0x80) {
        break;
      }
    }
    return end;
  }

  /** Where the first whole character begins. */
  private static int completeStart(byte[] bytes) {
    int start = 0;
    while (start < 3 && start < bytes.length && (bytes[start] & 0xC0) == 0x80) {
      start++;
    }
    return start;
  }
}
