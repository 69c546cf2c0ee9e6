package dev.rouse.session.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tools of {@code agent_toolset_20260401} that the hands run, in the order in which a model is
 * offered them. The order and every text are fixed: a change of either ends the model's prompt
 * cache.
 *
 * <p>Names and inputs are those of the public wire contract; {@code web_fetch} and {@code
 * web_search} do not run in the sandbox and are not here.
 */
public final class AgentToolset {

  /** The toolset's {@code type} in an agent's {@code tools}. */
  public static final String TYPE = "agent_toolset_20260401";

  /** A result with more characters is shortened; the rest is in a file of the workspace. */
  public static final int MAX_RESULT_CHARACTERS = 100_000;

  /** How long a command may run when the model names no {@code timeout_ms}, in milliseconds. */
  public static final long DEFAULT_BASH_TIMEOUT_MS = 120_000;

  /** Files above this size, in bytes, are read in ranges only and not edited. */
  public static final int MAX_FILE_BYTES = 256 * 1024;

  /**
   * How a result begins that tells the model that nobody can know how the call ended. A result has
   * no field for it: whoever counts how calls end looks here.
   */
  public static final String OUTCOME_UNKNOWN = "The outcome of this call is unknown";

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<ToolDefinition> ALL =
      List.of(
          tool(
              "bash",
              """
              Runs a command in a bash shell and returns its output, standard output and standard \
              error together. The shell stays open between calls: working directory, variables, \
              functions and background processes are kept. It starts in the workspace. Commands \
              run one at a time and read nothing: standard input is empty, so use options that \
              ask no questions. A command that fails returns its output and the exit code. After \
              timeout_ms the shell and everything it started are killed and a new shell begins; \
              start servers and other long work in the background with their output in a file, \
              as in "server > server.log 2>&1 &". Output above 100,000 characters is saved in a \
              file and shortened here. If the shell hangs, set restart.\
              """,
              """
              {"type": "object",
               "properties": {
                 "command": {"type": "string",
                   "description": "The command to run; it may have several lines."},
                 "restart": {"type": "boolean",
                   "description": "Kill the shell and what it started, and begin a new one. A command given with it runs in the new shell."},
                 "timeout_ms": {"type": "number", "exclusiveMinimum": 0,
                   "description": "Milliseconds that the command may take; 120000 if left out."}}}\
              """),
          tool(
              "read",
              """
              Returns the content of a text file of the workspace, exactly as it is, without line \
              numbers. Files above 256 KiB need view_range.\
              """,
              """
              {"type": "object",
               "properties": {
                 "file_path": {"type": "string",
                   "description": "The file, absolute or relative to the workspace."},
                 "view_range": {"type": "array", "items": {"type": "integer"},
                   "minItems": 2, "maxItems": 2,
                   "description": "First and last line to return, counted from 1. A last line of 0 or less means the end of the file."}},
               "required": ["file_path"]}\
              """),
          tool(
              "write",
              """
              Writes a file of the workspace: makes it, or replaces its whole content. Missing \
              directories are made. To change a part of a file use edit.\
              """,
              """
              {"type": "object",
               "properties": {
                 "file_path": {"type": "string",
                   "description": "The file, absolute or relative to the workspace."},
                 "content": {"type": "string", "description": "The whole new content."}},
               "required": ["file_path", "content"]}\
              """),
          tool(
              "edit",
              """
              Replaces text in a file of the workspace. old_string must stand in the file exactly \
              as given, white space included, and only once; add surrounding lines until it is \
              unique, or set replace_all to replace every occurrence.\
              """,
              """
              {"type": "object",
               "properties": {
                 "file_path": {"type": "string",
                   "description": "The file, absolute or relative to the workspace."},
                 "old_string": {"type": "string", "description": "The text to replace."},
                 "new_string": {"type": "string",
                   "description": "What to put in its place; empty to delete it."},
                 "replace_all": {"type": "boolean",
                   "description": "Replace every occurrence instead of exactly one."}},
               "required": ["file_path", "old_string", "new_string"]}\
              """),
          tool(
              "glob",
              """
              Finds files of the workspace by name and lists them, the most recently changed \
              first, at most 200. In a pattern, * stands for anything within a name, ** for any \
              number of directories, ? for one character, [abc] and {a,b} for a choice: \
              "**/*.java" finds every Java file. Directories .git and node_modules are left out.\
              """,
              """
              {"type": "object",
               "properties": {
                 "pattern": {"type": "string", "description": "The pattern, relative to path."},
                 "path": {"type": "string",
                   "description": "The directory to look in; the workspace if left out."}},
               "required": ["pattern"]}\
              """),
          tool(
              "grep",
              """
              Searches the content of text files of the workspace with a regular expression and \
              returns each matching line as path:line:text. Directories .git and node_modules and \
              binary files are left out.\
              """,
              """
              {"type": "object",
               "properties": {
                 "pattern": {"type": "string", "description": "The regular expression."},
                 "path": {"type": "string",
                   "description": "The file or directory to search; the workspace if left out."}},
               "required": ["pattern"]}\
              """));

  private AgentToolset() {}

  /** Every tool, in the order in which a model is offered them. */
  public static List<ToolDefinition> all() {
    return ALL;
  }

  /** The names of all tools, in order. */
  public static Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    ALL.forEach(tool -> names.add(tool.name()));
    return names;
  }

  /** The tool of this name. */
  public static Optional<ToolDefinition> find(String name) {
    return ALL.stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  private static ToolDefinition tool(String name, String description, String schema) {
    try {
      return new ToolDefinition(name, description, (ObjectNode) JSON.readTree(schema));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the input schema of " + name + " is not JSON", e);
    }
  }
}
