package dev.rouse.devcluster.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A running child process and everything it started.
 *
 * <p>It ends with this object or, should the launcher be killed, by its {@link Lifeline}. The
 * process number is the program's own.
 */
public final class Child implements AutoCloseable {

  /** How often a condition is looked at that nobody announces. */
  private static final Duration LOOK = Duration.ofMillis(25);

  private final ProcessSpec spec;
  private final Process process;

  private Child(ProcessSpec spec, Process process) {
    this.spec = spec;
    this.process = process;
  }

  /**
   * Starts a program, its output appended to its log file.
   *
   * @throws UncheckedIOException if it cannot be started at all
   */
  public static Child start(ProcessSpec spec) {
    ProcessBuilder builder = new ProcessBuilder(Lifeline.command(spec.command(), spec.grace()));
    builder.environment().clear();
    builder.environment().putAll(spec.fullEnvironment(System.getenv()));
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(spec.log().toFile()));
    try {
      Files.createDirectories(spec.run().logs());
      return new Child(spec, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot start " + spec.name() + ": " + spec.command().getFirst(), e);
    }
  }

  public ProcessSpec spec() {
    return spec;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with how it ended. */
  public CompletableFuture<ExitStatus> exit() {
    return process.onExit().thenApply(ended -> new ExitStatus(ended.exitValue()));
  }

  /**
   * Waits until a condition holds. A condition that throws does not hold yet.
   *
   * @throws ChildFailedException if the child ends first, or the time is over
   */
  public void awaitReady(Check check, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!check.holdsNow()) {
      // Waiting for the child's end is the pause between two looks: a dead one is noticed at once.
      if (process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ChildFailedException(
            spec.name()
                + " "
                + new ExitStatus(process.exitValue())
                + " before it was ready"
                + last());
      }
      if (System.nanoTime() - deadline > 0) {
        throw new ChildFailedException(
            spec.name() + " is not ready after " + timeout.toSeconds() + " s" + last());
      }
    }
  }

  /** Sends a signal to the program itself; does nothing if it has ended. */
  public void signal(Signal signal) {
    if (!process.isAlive()) {
      return;
    }
    try {
      // The child is not reaped before this object knows of its end, so the number is still its
      // own.
      new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + pid())
          .redirectErrorStream(true)
          .redirectOutput(Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot signal " + spec.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills the program as a crash would: without a grace period. Waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Ends the child and all it left behind: a request, the grace period, a kill. Returns when
   * nothing of it is left. Does nothing the second time.
   */
  public void stop() throws InterruptedException {
    process.destroy();
    signal(Signal.CONT);
    if (!process.waitFor(spec.grace().toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
    cutLifeline();
    long session = pid();
    Leftovers.end(() -> ProcFs.inSession(session), spec.grace());
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      cutLifeline();
      Thread.currentThread().interrupt();
    }
  }

  /** The last lines of the log, indented, behind the log's name: the end of an error message. */
  String last() {
    return "; log: " + spec.log() + tail(spec.log(), 12);
  }

  private void cutLifeline() {
    try {
      process.getOutputStream().close();
    } catch (IOException alreadyCut) {
      // The pipe closes by itself when its reader is gone: that is what was wanted.
    }
  }

  private static String tail(Path log, int count) {
    try {
      List<String> lines = Files.readAllLines(log);
      List<String> end = lines.subList(Math.max(0, lines.size() - count), lines.size());
      return String.join("", end.stream().map(line -> "\n    " + line).toList());
    } catch (IOException unreadable) {
      return "";
    }
  }
}
