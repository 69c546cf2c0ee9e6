package dev.rouse.hands.execution;

import dev.rouse.hands.log.HandsLog;
import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolResult;
import dev.rouse.hands.tool.Toolbox;
import java.io.IOException;
import java.util.Optional;

/** Runs one tool, whatever it throws: every failure of a tool is a result that the model sees. */
public final class ToolRunner {

  private final Toolbox toolbox;
  private final HandsLog log;
  private final Runnable onFatal;

  /**
   * @param onFatal what to do when the process cannot go on
   */
  public ToolRunner(Toolbox toolbox, HandsLog log, Runnable onFatal) {
    this.toolbox = toolbox;
    this.log = log;
    this.onFatal = onFatal;
  }

  Optional<Tool> find(String name) {
    return toolbox.find(name);
  }

  ToolResult run(ToolCall call, String name, Optional<Tool> tool) {
    if (tool.isEmpty()) {
      return ToolResult.error(
          "There is no tool \""
              + name
              + "\" here. The tools are: "
              + String.join(", ", toolbox.names())
              + ".");
    }
    long start = System.nanoTime();
    ToolResult result = run(call, tool.get());
    log.info(
        "%s ended %s after %d ms"
            .formatted(
                name,
                result.isError() ? "with an error" : "well",
                (System.nanoTime() - start) / 1_000_000),
        "toolUse",
        call.id());
    return result;
  }

  private ToolResult run(ToolCall call, Tool tool) {
    try {
      return tool.run(call);
    } catch (BadInputException e) {
      return ToolResult.error("Bad input: " + e.getMessage());
    } catch (IOException e) {
      return ToolResult.error(tool.name() + " failed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ToolResult.error(tool.name() + " was interrupted");
    } catch (RuntimeException | StackOverflowError defect) {
      log.error("defect in " + tool.name(), defect, "toolUse", call.id());
      return ToolResult.error(
          tool.name() + " failed because of a defect of its own (" + defect + "); try another way");
    }
  }

  void onLostResult(String toolUseId, IOException cause) {
    log.error("a result could not be kept", cause, "toolUse", toolUseId);
  }

  /** The journal's disk failed; only a new process can find out what it holds. */
  void onBrokenJournal(IOException cause) {
    log.error("the journal cannot be trusted any more", cause);
    onFatal.run();
  }

  void onDefect(String toolUseId, Throwable defect) {
    log.error("a call ended without an outcome", defect, "toolUse", toolUseId);
    onFatal.run();
  }
}
