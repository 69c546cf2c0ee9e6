package dev.rouse.hands.file;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolResult;
import dev.rouse.hands.tool.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes a whole file. */
public record WriteTool(Workspace workspace) implements Tool {

  @Override
  public String name() {
    return "write";
  }

  @Override
  public ToolResult run(ToolCall call) throws BadInputException, IOException {
    Path file = workspace.resolve("file_path", call.input().string("file_path"));
    byte[] content = call.input().string("content").getBytes(StandardCharsets.UTF_8);
    new WorkspaceFile("file_path", file).replace(content, call.id());
    return ToolResult.of("Wrote " + content.length + " bytes to " + workspace.show(file));
  }
}
