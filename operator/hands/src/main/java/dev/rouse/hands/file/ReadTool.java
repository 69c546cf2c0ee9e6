package dev.rouse.hands.file;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolResult;
import dev.rouse.hands.tool.Workspace;
import dev.rouse.session.tools.AgentToolset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a text file, whole or in part. */
public record ReadTool(Workspace workspace) implements Tool {

  private static final int LOOK_FOR_NUL = 8 * 1024;

  @Override
  public String name() {
    return "read";
  }

  @Override
  public ToolResult run(ToolCall call) throws BadInputException, IOException {
    Path path = workspace.resolve("file_path", call.input().string("file_path"));
    Optional<ViewRange> range = ViewRange.of(call.input());
    WorkspaceFile file = new WorkspaceFile("file_path", path);
    file.requireReadable();
    if (range.isEmpty() && file.isLarge()) {
      throw new BadInputException(
          "file_path: %s has %d bytes, more than %d; give view_range, for example [1, 500], or search it with grep"
              .formatted(workspace.show(path), Files.size(path), AgentToolset.MAX_FILE_BYTES));
    }
    requireText(path);
    LineReader.Part part = LineReader.read(path, range.orElse(ViewRange.ALL), call);
    if (part.text().isEmpty() && range.isPresent() && part.lines() < range.get().first()) {
      throw new BadInputException(
          "view_range begins at line %d, but %s has %d lines"
              .formatted(range.get().first(), workspace.show(path), part.lines()));
    }
    return ToolResult.of(part.text().isEmpty() ? "(empty file)" : part.text() + part.notice());
  }

  private void requireText(Path path) throws BadInputException, IOException {
    try (InputStream in = Files.newInputStream(path)) {
      for (byte b : in.readNBytes(LOOK_FOR_NUL)) {
        if (b == 0) {
          throw new BadInputException(
              "file_path: %s is not a text file (%d bytes); look at it with bash, for example with file or xxd"
                  .formatted(workspace.show(path), Files.size(path)));
        }
      }
    }
  }
}
