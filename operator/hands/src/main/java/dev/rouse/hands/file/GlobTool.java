package dev.rouse.hands.file;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Deadline;
import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolResult;
import dev.rouse.hands.tool.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds files by name, newest first. */
public record GlobTool(Workspace workspace) implements Tool {

  private static final int MAX_RESULTS = 200;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Newest first; by name where that does not decide. */
  private static final Comparator<Found> ORDER =
      Comparator.comparing(Found::changed).reversed().thenComparing(Found::shown);

  private record Found(String shown, FileTime changed) {}

  @Override
  public String name() {
    return "glob";
  }

  @Override
  public ToolResult run(ToolCall call) throws BadInputException, IOException {
    Path start = workspace.resolve("path", call.input().optionalString("path").orElse("."));
    if (!Files.isDirectory(start)) {
      throw new BadInputException("path: " + start + " is not a directory");
    }
    Pattern pattern = GlobPattern.compile(relative(call.input().string("pattern"), start));
    Deadline deadline = Deadline.of(call, LIMIT);
    PriorityQueue<Found> newest = new PriorityQueue<>(ORDER.reversed());
    long[] count = {0};
    FileWalk.walk(
        workspace,
        start,
        deadline,
        (file, attributes) -> {
          if (pattern.matcher(start.relativize(file).toString()).matches()) {
            count[0]++;
            newest.add(new Found(workspace.show(file), attributes.lastModifiedTime()));
            if (newest.size() > MAX_RESULTS) {
              newest.poll();
            }
          }
          return true;
        });
    if (newest.isEmpty() && !deadline.isOver()) {
      return ToolResult.of("No files match.");
    }
    String list = newest.stream().sorted(ORDER).map(Found::shown).collect(Collectors.joining("\n"));
    return ToolResult.of(list + notice(count[0], deadline));
  }

  private static String notice(long count, Deadline deadline) {
    String more =
        count > MAX_RESULTS
            ? "\n[... the newest " + MAX_RESULTS + " of " + count + " files ...]"
            : "";
    return deadline.isOver()
        ? more + "\n[... the search ended early, after " + deadline.limit().toSeconds() + " s ...]"
        : more;
  }

  /** Models also give whole paths. */
  private static String relative(String pattern, Path start) throws BadInputException {
    String below = start + "/";
    if (pattern.startsWith(below)) {
      return pattern.substring(below.length());
    }
    if (pattern.startsWith("/")) {
      throw new BadInputException("pattern must be relative to path, " + start);
    }
    return pattern.startsWith("./") ? pattern.substring(2) : pattern;
  }
}
