package dev.rouse.hands.file;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolResult;
import dev.rouse.hands.tool.Workspace;
import dev.rouse.session.tools.AgentToolset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Replaces text in a file. It works on bytes (as Latin-1 text), so that a file with bytes that are
 * not UTF-8 keeps them.
 */
public record EditTool(Workspace workspace) implements Tool {

  @Override
  public String name() {
    return "edit";
  }

  @Override
  public ToolResult run(ToolCall call) throws BadInputException, IOException {
    Path path = workspace.resolve("file_path", call.input().string("file_path"));
    String wanted = call.input().string("old_string");
    String replacement = call.input().string("new_string");
    boolean all = call.input().flag("replace_all");
    WorkspaceFile file = new WorkspaceFile("file_path", path);
    file.requireReadable();
    if (file.isLarge()) {
      throw new BadInputException(
          "file_path: %s has %d bytes, more than %d; edit it with bash, for example with sed"
              .formatted(workspace.show(path), Files.size(path), AgentToolset.MAX_FILE_BYTES));
    }
    if (wanted.isEmpty()) {
      throw new BadInputException("old_string is empty: to write a whole file use write");
    }
    if (wanted.equals(replacement)) {
      throw new BadInputException("old_string and new_string are the same: there is nothing to do");
    }
    String text = Files.readString(path, StandardCharsets.ISO_8859_1);
    int count = count(text, bytesOf(wanted));
    requireUsable(path, text, wanted, count, all);
    byte[] edited =
        text.replace(bytesOf(wanted), bytesOf(replacement)).getBytes(StandardCharsets.ISO_8859_1);
    file.replace(edited, call.id());
    return ToolResult.of(
        "Replaced %d occurrence%s in %s"
            .formatted(count, count == 1 ? "" : "s", workspace.show(path)));
  }

  private void requireUsable(Path path, String text, String wanted, int count, boolean all)
      throws BadInputException {
    if (count == 0) {
      boolean otherLineEnds =
          wanted.contains("\n") && text.contains(bytesOf(wanted.replace("\n", "\r\n")));
      throw new BadInputException(
          "old_string does not stand in "
              + workspace.show(path)
              + (otherLineEnds
                  ? ": its lines end with \\r\\n there"
                  : ": read the file again and copy the text exactly, white space included"));
    }
    if (count > 1 && !all) {
      throw new BadInputException(
          "old_string stands %d times in %s: add surrounding lines until it is unique, or set replace_all"
              .formatted(count, workspace.show(path)));
    }
  }

  private static String bytesOf(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static int count(String text, String wanted) {
    int count = 0;
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
      count++;
    }
    return count;
  }
}
