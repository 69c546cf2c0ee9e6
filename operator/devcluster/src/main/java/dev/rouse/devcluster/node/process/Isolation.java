package dev.rouse.devcluster.node.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How far this machine lets the node hold a container's processes together. With a PID namespace
 * the kernel ends every process of a container with its main process; without, the node finds them
 * by a mark in their environment.
 */
public enum Isolation {
  /** A PID namespace, made as root. */
  PID_NAMESPACE(
      List.of("--pid", "--mount"), List.of("--pid", "--mount"), "a PID namespace per container"),
  /** A PID namespace inside a user namespace, for an ordinary user. */
  USER_AND_PID_NAMESPACE(
      List.of("--user", "--map-current-user", "--keep-caps", "--pid", "--mount"),
      List.of("--user", "--preserve-credentials", "--pid", "--mount"),
      "a user and a PID namespace per container"),
  /** Nothing: processes are found by their mark. */
  MARK(List.of(), List.of(), "a mark in the environment of each process");

  private static final int TRIAL_SECONDS = 5;

  private final List<String> unshareOptions;
  private final List<String> enterOptions;
  private final String description;

  Isolation(List<String> unshareOptions, List<String> enterOptions, String description) {
    this.unshareOptions = unshareOptions;
    this.enterOptions = enterOptions;
    this.description = description;
  }

  /** Tries from the strongest to the weakest what works on this machine as this user. */
  public static Isolation detect() {
    return Stream.of(values()).filter(Isolation::works).findFirst().orElse(MARK);
  }

  /** What is put before a shell so that its first child is alone in a new PID namespace. */
  List<String> wrapper() {
    if (this == MARK) {
      return List.of();
    }
    List<String> words = new ArrayList<>(List.of(path("unshare")));
    words.addAll(unshareOptions);
    words.add("--");
    return words;
  }

  /** The program with which that child mounts its own {@code /proc}; empty if it needs none. */
  String mountProgram() {
    return this == MARK ? "" : path("mount");
  }

  /** Whether the kernel ends what a main process leaves behind. */
  boolean kernelEndsLeftovers() {
    return this != MARK;
  }

  /** One sentence part for people: "processes are held together by …". */
  public String description() {
    return description;
  }

  /** A command that runs beside a container's main process, in the namespaces it has. */
  public List<String> enter(long mainPid, List<String> command) {
    if (this == MARK) {
      return command;
    }
    List<String> full = new ArrayList<>(List.of("nsenter", "--target", Long.toString(mainPid)));
    full.addAll(enterOptions);
    full.add("--");
    full.addAll(command);
    return full;
  }

  private static String path(String program) {
    String path = System.getenv().getOrDefault("PATH", SearchPath.DEFAULT);
    return new SearchPath(path).find(program).map(Path::toString).orElse(program);
  }

  /** Whether this machine allows it to this user; tries it once. */
  boolean works() {
    if (this == MARK) {
      return true;
    }
    // The exit keeps the shell from replacing itself by its last command: it has to fork.
    List<String> command = new ArrayList<>(wrapper());
    command.addAll(List.of("/bin/sh", "-c", "\"$0\" -t proc proc /proc; exit $?", mountProgram()));
    try {
      Process trial =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      boolean ended = trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS);
      trial.destroyForcibly();
      return ended && trial.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
