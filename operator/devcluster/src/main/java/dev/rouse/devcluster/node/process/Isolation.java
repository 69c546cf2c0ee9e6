package dev.rouse.devcluster.node.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How far this machine lets the node hold a container's processes together. With a PID namespace
 * the kernel ends every process of a container with its main process; without, the node finds them
 * by a mark in their environment.
 */
public enum Isolation {
  /** A PID namespace, made as root. */
  PID_NAMESPACE(
      List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc"),
      List.of("--pid", "--mount"),
      "a PID namespace per container"),
  /** A PID namespace inside a user namespace, for an ordinary user. */
  USER_AND_PID_NAMESPACE(
      List.of(
          "unshare",
          "--user",
          "--map-current-user",
          "--pid",
          "--fork",
          "--kill-child",
          "--mount-proc"),
      List.of("--user", "--preserve-credentials", "--pid", "--mount"),
      "a user and a PID namespace per container"),
  /** Nothing: processes are found by their mark. */
  MARK(List.of(), List.of(), "a mark in the environment of each process");

  private static final int TRIAL_SECONDS = 5;

  private final List<String> wrapper;
  private final List<String> enterOptions;
  private final String description;

  Isolation(List<String> wrapper, List<String> enterOptions, String description) {
    this.wrapper = wrapper;
    this.enterOptions = enterOptions;
    this.description = description;
  }

  /** Tries from the strongest to the weakest what works on this machine as this user. */
  public static Isolation detect() {
    for (Isolation candidate : values()) {
      if (candidate == MARK || candidate.works()) {
        return candidate;
      }
    }
    return MARK;
  }

  /** The command a container's command is put behind. */
  List<String> wrapper() {
    return wrapper;
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

  private boolean works() {
    List<String> command = new ArrayList<>(wrapper);
    command.add("true");
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
