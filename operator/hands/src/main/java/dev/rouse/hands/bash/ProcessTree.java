package dev.rouse.hands.bash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A shell and everything that it started, wherever that went: children, and processes that made
 * themselves orphans but still carry the shell's mark in their environment.
 */
final class ProcessTree {

  private static final Path PROC = Path.of("/proc");
  private static final Duration LOOK = Duration.ofMillis(20);

  private final ProcessHandle shell;
  private final String mark;

  /**
   * @param mark {@code NAME=value} in the shell's environment, like no other process has it
   */
  ProcessTree(ProcessHandle shell, String mark) {
    this.shell = shell;
    this.mark = mark;
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
    try (Stream<ProcessHandle> children = shell.descendants();
        Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return Stream.of(Stream.of(shell), children, all.filter(process -> isMarked(process.pid())))
          .flatMap(stream -> stream)
          .filter(process -> process.pid() != self && process.isAlive())
          .filter(process -> !isZombie(process.pid()))
          .distinct()
          .toList();
    }
  }

  /** A short wait: an orphan's end is not told to us. */
  private static void awaitEnd(List<ProcessHandle> processes) {
    CompletableFuture<?>[] ends =
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillThere) {
      // The caller looks again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isMarked(long pid) {
    try {
      byte[] environment = Files.readAllBytes(directory(pid).resolve("environ"));
      return Stream.of(new String(environment, StandardCharsets.ISO_8859_1).split("\0"))
          .anyMatch(mark::equals);
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
