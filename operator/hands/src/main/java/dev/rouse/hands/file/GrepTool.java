package dev.rouse.hands.file;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Deadline;
import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolResult;
import dev.rouse.hands.tool.Workspace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Searches file contents: with ripgrep where the image has it, else by itself, to the same rules.
 */
public record GrepTool(Workspace workspace, Map<String, String> environment) implements Tool {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Override
  public String name() {
    return "grep";
  }

  @Override
  public ToolResult run(ToolCall call) throws BadInputException, IOException, InterruptedException {
    String pattern = call.input().string("pattern");
    Path start = workspace.resolve("path", call.input().optionalString("path").orElse("."));
    if (!Files.exists(start)) {
      throw new BadInputException("path: there is no " + start);
    }
    Deadline deadline = Deadline.of(call, LIMIT);
    Matches matches = new Matches();
    Optional<Path> ripgrep = ripgrep();
    if (ripgrep.isPresent()) {
      new Ripgrep(ripgrep.get(), workspace, environment).search(pattern, start, deadline, matches);
    } else {
      new JavaGrep(workspace).search(pattern, start, deadline, matches);
    }
    return ToolResult.of(matches.text(deadline));
  }

  private Optional<Path> ripgrep() {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(environment.getOrDefault("PATH", ""))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "rg"))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
