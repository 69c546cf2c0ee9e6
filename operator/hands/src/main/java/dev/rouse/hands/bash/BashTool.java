package dev.rouse.hands.bash;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolResult;
import dev.rouse.hands.tool.Workspace;
import dev.rouse.session.Ids;
import dev.rouse.session.tools.AgentToolset;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs commands in one shell, which is made at the first call and again whenever it is gone. */
public final class BashTool implements Tool, AutoCloseable {

  private static final String LOST =
      "working directory, variables and background processes of the former one are gone";

  private static final Duration LEFTOVER_PATIENCE = Duration.ofSeconds(2);

  private final Workspace workspace;
  private final ShellSettings settings;
  private final Ids ids;
  private final OutputText texts;
  private final OomKills oomKills;
  private final AtomicInteger outputs = new AtomicInteger();
  private final String mark;
  private @Nullable Shell shell;
  private boolean mustSayNew;
  private boolean mayHaveLeftovers;

  /**
   * @param environment our own; settings of ours are not passed on
   * @param instance of these hands; their shells carry it
   * @param hadShell whether former hands of this workspace had one, of which the model may remember
   *     something that is gone
   */
  public BashTool(
      Workspace workspace,
      Map<String, String> environment,
      Ids ids,
      String instance,
      boolean hadShell) {
    this(workspace, environment, ids, instance, hadShell, OomKills.HERE);
  }

  BashTool(
      Workspace workspace,
      Map<String, String> environment,
      Ids ids,
      String instance,
      boolean hadShell,
      OomKills oomKills) {
    this.workspace = workspace;
    this.settings = ShellSettings.in(workspace.root(), environment);
    this.ids = ids;
    this.texts = new OutputText(workspace);
    this.oomKills = oomKills;
    this.mark = instance + ".";
    this.mustSayNew = hadShell;
    this.mayHaveLeftovers = hadShell;
  }

  @Override
  public String name() {
    return "bash";
  }

  @Override
  public boolean isSerial() {
    return true;
  }

  @Override
  public ToolResult run(ToolCall call) throws BadInputException, IOException, InterruptedException {
    boolean restart = call.input().flag("restart");
    Optional<String> command = call.input().optionalString("command");
    Duration timeout = timeout(call);
    if (command.isEmpty() && !restart) {
      throw new BadInputException("command is missing: give a command, or set restart");
    }
    if (command.isPresent() && command.get().indexOf('\0') >= 0) {
      throw new BadInputException("command contains a NUL character, which no shell can take");
    }
    if (restart) {
      close();
      mustSayNew = false;
    }
    if (command.isEmpty()) {
      shell();
      return ToolResult.of("[shell restarted: " + LOST + "]");
    }
    Shell current = shell();
    String notice = mustSayNew ? "[new shell: " + LOST + "]\n" : "";
    mustSayNew = false;
    long killed = oomKills.count();
    CommandEnd end = current.run(command.get(), timeout, call.cancellation());
    try (Output output = end.output()) {
      return result(end, notice + texts.of(output, call.id()), timeout, outOfMemory(killed));
    }
  }

  /** What to add to the end of a command that failed. @param before kills before it ran */
  private String outOfMemory(long before) {
    long killed = oomKills.count() - before;
    return killed <= 0
        ? ""
        : "\n[the sandbox ran out of memory: %d process%s killed; let it use less at a time]"
            .formatted(killed, killed == 1 ? " was" : "es were");
  }

  private ToolResult result(CommandEnd end, String text, Duration timeout, String outOfMemory) {
    return switch (end) {
      case CommandEnd.Exited exited when exited.code() == 0 ->
          ToolResult.of(text.isEmpty() ? "(no output)" : text);
      case CommandEnd.Exited exited ->
          ToolResult.error(below(text, "[exit code " + exited.code() + "]" + outOfMemory));
      case CommandEnd.ShellGone gone -> {
        shell = null;
        String said =
            below(
                text,
                "[the shell ended with exit code "
                    + gone.code()
                    + "; a new one begins: "
                    + LOST
                    + "]"
                    + outOfMemory);
        yield gone.code() == 0 ? ToolResult.of(said) : ToolResult.error(said);
      }
      case CommandEnd.TimedOut _ -> {
        shell = null;
        yield ToolResult.error(
            below(
                text,
                "[timed out after "
                    + timeout.toMillis()
                    + " ms; the shell was killed with everything it had started and a new one"
                    + " begins: "
                    + LOST
                    + "]"));
      }
      case CommandEnd.Cancelled cancelled -> {
        shell = null;
        yield ToolResult.error(
            below(
                text,
                "["
                    + cancelled.reason()
                    + "; the shell was killed, a new one begins: "
                    + LOST
                    + "]"));
      }
    };
  }

  private static String below(String text, String note) {
    return text.isEmpty() || text.endsWith("\n") ? text + note : text + "\n" + note;
  }

  private static Duration timeout(ToolCall call) throws BadInputException {
    long wanted =
        call.input().optionalPositive("timeout_ms").orElse(AgentToolset.DEFAULT_BASH_TIMEOUT_MS);
    return Duration.ofMillis(Math.min(wanted, call.timeout().toMillis()));
  }

  private Shell shell() throws IOException {
    Shell current = shell;
    if (current != null && current.isAlive()) {
      return current;
    }
    if (current != null) {
      // It went between two commands: killed from outside, or by something it had started.
      current.close();
      mustSayNew = true;
    }
    if (mayHaveLeftovers) {
      // Where a container ends, all of it ends; a mere process may leave some behind.
      ProcessTree.leftBy(mark).kill(LEFTOVER_PATIENCE);
      mayHaveLeftovers = false;
    }
    shell = Shell.start(settings, mark + ids.next("shell"), this::newOutput, () -> ids.next("end"));
    return shell;
  }

  private Output newOutput() {
    return new Output(workspace.outputs().resolve(".unfinished-" + outputs.incrementAndGet()));
  }

  /** Kills the shell and everything that it started. */
  @Override
  public void close() {
    Shell current = shell;
    shell = null;
    if (current != null) {
      current.close();
    }
  }
}
