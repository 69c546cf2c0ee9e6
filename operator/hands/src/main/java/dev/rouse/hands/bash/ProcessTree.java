package dev.rouse.hands.bash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A shell and everything that it started, wherever that went: children, and processes that made
 * themselves orphans but still carry the shell's mark in their environment.
 */
final class ProcessTree {

  private static final Path PROC = Path.of("/proc");
  private static final Duration LOOK = Duration.ofMillis(20);

  private final @Nullable ProcessHandle shell;
  private final String mark;

  private ProcessTree(@Nullable ProcessHandle shell, String mark) {
    this.shell = shell;
    this.mark = mark;
  }

  /**
   * A shell and what it started.
   *
   * @param mark its mark, like that of no other shell
   */
  static ProcessTree of(ProcessHandle shell, String mark) {
    return new ProcessTree(shell, mark);
  }

  /**
   * What shells of these hands' former lives started.
   *
   * @param mark how the marks of all shells of these hands begin
   */
  static ProcessTree leftBy(String mark) {
    return new ProcessTree(null, mark);
  }

  /**
   * Kills all of it, again and again until nothing is found: what is about to be killed may fork.
   *
   * @param patience after which it gives up
   */
  void kill(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    for (List<ProcessHandle> found = find(); !found.isEmpty(); found = find()) {
      found.forEach(ProcessHandle::destroyForcibly);
      if (System.nanoTime() - deadline > 0) {
        return;
      }
      awaitEnd(found);
    }
  }

  private List<ProcessHandle> find() {
    long self = ProcessHandle.current().pid();
    Stream<ProcessHandle> tree =
        shell == null ? Stream.of() : Stream.concat(Stream.of(shell), shell.descendants());
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return Stream.concat(tree, all.filter(process -> isMarked(process.pid())))
          .filter(process -> process.pid() != self && process.isAlive())
          .filter(process -> !isZombie(process.pid()))
          .distinct()
          .toList();
    }
  }

  /**
   * A short wait for as many as there are, on this thread: to be told of ends takes a thread for
   * each process, and where a bomb has used up all there may be, there is none to be had.
   */
  private static void awaitEnd(List<ProcessHandle> processes) {
    long deadline = System.nanoTime() + LOOK.toNanos();
    while (System.nanoTime() - deadline < 0
        && processes.stream().anyMatch(process -> !isZombie(process.pid()))) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  private boolean isMarked(long pid) {
    try {
      byte[] environment = Files.readAllBytes(directory(pid).resolve("environ"));
      return Stream.of(new String(environment, StandardCharsets.ISO_8859_1).split("\0"))
          .anyMatch(variable -> variable.startsWith(ShellSettings.MARK + "=" + mark));
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }

  private static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(directory(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException gone) {
      return true;
    }
  }

  private static Path directory(long pid) {
    return PROC.resolve(Long.toString(pid));
  }
}
