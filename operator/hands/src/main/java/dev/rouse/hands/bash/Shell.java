package dev.rouse.hands.bash;

import dev.rouse.hands.tool.Cancellation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One bash process, for one command at a time. It reads commands from its standard input; each runs
 * with an empty standard input and both outputs on one pipe. How a command ended comes on a pipe of
 * its own, which no command holds open, so neither a background process nor any output can be
 * mistaken for an end.
 *
 * <p>The output's end is found by a second step: after the command the shell is told to write a
 * random text that nothing could know before.
 */
final class Shell implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * Descriptors beyond those that people use in scripts: 60 for ends, 61 for output. And whatever
   * it starts is killed before us when memory runs out.
   */
  private static final String SETUP =
      "exec 60>&2 61>&1 2>&1\n" + "{ builtin printf 1000 >/proc/$$/oom_score_adj; } 2>/dev/null\n";

  /** Also puts back what a command changed for itself with {@code exec}. */
  private static final String REDIRECTS = "</dev/null >&61 2>&1 60>&- 61>&-";

  private sealed interface Signal {
    /**
     * @param token of the command that ended
     */
    record CommandEnd(String token, int code) implements Signal {}

    record OutputEnd(Output output) implements Signal {}

    record ShellEnd(int code) implements Signal {}

    /**
     * @param command which is to end
     */
    record Cancel(Cancellation command, String reason) implements Signal {}
  }

  private final Process process;
  private final ProcessTree tree;
  private final Pump pump;
  private final Supplier<String> tokens;
  private final ExecutorService input =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("shell-input").factory());
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

  private Shell(Process process, ProcessTree tree, Pump pump, Supplier<String> tokens) {
    this.process = process;
    this.tree = tree;
    this.pump = pump;
    this.tokens = tokens;
  }

  /**
   * Starts a shell.
   *
   * @param mark by which what it starts is found again, whatever becomes of it
   * @param outputs makes a place for the output of each command
   * @param tokens random texts of letters and digits
   */
  static Shell start(
      ShellSettings settings, String mark, Supplier<Output> outputs, Supplier<String> tokens)
      throws IOException {

    ProcessBuilder builder = new ProcessBuilder(settings.command());
    builder.directory(settings.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(settings.environment());
    builder.environment().put(ShellSettings.MARK, mark);
    Process process = builder.start();
    Shell shell =
        new Shell(
            process,
            ProcessTree.of(process.toHandle(), mark),
            Pump.start(process.getInputStream(), outputs, "shell-output-" + process.pid()),
            tokens);
    // A platform thread: it blocks in a read of a pipe nearly all of its life.
    Thread.ofPlatform().daemon().name("shell-ends-" + process.pid()).start(shell::listen);
    process.onExit().thenAccept(ended -> shell.signals.add(new Signal.ShellEnd(ended.exitValue())));
    shell.send(SETUP);
    return shell;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Runs a command and waits for its end, which may be that of the shell. */
  CommandEnd run(String command, Duration timeout, Cancellation cancellation)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    String token = tokens.get();
    cancellation.onCancel(
        () -> signals.add(new Signal.Cancel(cancellation, cancellation.reason().orElse(""))));
    send(
        "{ eval "
            + quoted(command)
            + "\n} "
            + REDIRECTS
            + "\n"
            + "builtin printf '"
            + token
            + " %d\\n' \"$?\" >&60\n");
    int code = 0;
    while (true) {
      Signal signal = signals.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      switch (signal) {
        case null -> {
          return new CommandEnd.TimedOut(killed());
        }
        case Signal.Cancel cancel -> {
          if (cancel.command() == cancellation) {
            return new CommandEnd.Cancelled(cancel.reason(), killed());
          }
        }
        case Signal.ShellEnd end -> {
          return new CommandEnd.ShellGone(end.code(), killed());
        }
        case Signal.CommandEnd end -> {
          if (end.token().equals(token)) {
            code = end.code();
            askForOutput();
          }
        }
        case Signal.OutputEnd end -> {
          return new CommandEnd.Exited(code, end.output());
        }
      }
    }
  }

  private void askForOutput() {
    String last = tokens.get();
    pump.until(last, output -> signals.add(new Signal.OutputEnd(output)));
    send("builtin printf " + last + " >&61\n");
  }

  private void listen() {
    try (BufferedReader ends = process.errorReader(StandardCharsets.ISO_8859_1)) {
      for (String line = ends.readLine(); line != null; line = ends.readLine()) {
        int space = line.indexOf(' ');
        // Before the setup has run, bash may complain here; that is no end of a command.
        if (space > 0 && line.substring(space + 1).matches("\\d{1,3}")) {
          signals.add(
              new Signal.CommandEnd(
                  line.substring(0, space), Integer.parseInt(line.substring(space + 1))));
        }
      }
    } catch (IOException closed) {
      // The shell's end is told by its process.
    }
  }

  private Output killed() {
    input.shutdown();
    tree.kill(PATIENCE);
    return pump.rest(PATIENCE);
  }

  /** Not on the caller's thread: a shell that does not read must not hold up its own timeout. */
  private void send(String text) {
    input.execute(() -> {
      try {
        OutputStream in = process.getOutputStream();
        in.write(text.getBytes(StandardCharsets.UTF_8));
        in.flush();
      } catch (IOException shellGone) {
        // Told by the end of its process.
      }
    });
  }

  private static String quoted(String command) {
    return "'" + command.replace("'", "'\\''") + "'";
  }

  /** Kills the shell and everything that it started. */
  @Override
  public void close() {
    killed().close();
  }
}
