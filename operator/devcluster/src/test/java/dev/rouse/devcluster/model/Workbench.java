package dev.rouse.devcluster.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The tools an example's agent uses, on a directory: as real as a test needs them. */
class Workbench {

  /** What a tool answers. */
  record Result(String text, boolean error) {}

  private final Path workspace;

  Workbench(Path workspace) {
    this.workspace = workspace;
  }

  Result use(String tool, JsonNode input) throws IOException, InterruptedException {
    return switch (tool) {
      case "bash" -> bash(input.path("command").textValue());
      case "write" -> {
        Files.writeString(file(input), input.path("content").textValue());
        yield new Result("wrote " + input.path("file_path").textValue(), false);
      }
      case "read" -> new Result(lines(input), false);
      case "grep" -> bash("grep -n '%s' %s".formatted(text(input, "pattern"), text(input, "path")));
      case "edit" -> edit(input);
      default -> throw new IllegalArgumentException("no tool " + tool);
    };
  }

  Result bash(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", command)
            .directory(workspace.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    return new Result(output, process.waitFor() != 0);
  }

  private Result edit(JsonNode input) throws IOException {
    String content = Files.readString(file(input));
    String old = text(input, "old_string");
    if (content.split(Pattern.quote(old), -1).length != 2) {
      return new Result("old_string is not there exactly once", true);
    }
    Files.writeString(file(input), content.replace(old, text(input, "new_string")));
    return new Result("replaced 1", false);
  }

  private String lines(JsonNode input) throws IOException {
    List<String> lines = Files.readAllLines(file(input));
    JsonNode range = input.path("view_range");
    int from = range.path(0).asInt(1);
    return String.join("\n", lines.subList(from - 1, range.path(1).asInt(lines.size())));
  }

  private Path file(JsonNode input) {
    return workspace.resolve(text(input, "file_path"));
  }

  private static String text(JsonNode input, String field) {
    return input.path(field).textValue();
  }
}
