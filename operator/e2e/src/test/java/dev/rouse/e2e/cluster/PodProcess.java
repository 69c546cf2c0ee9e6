package dev.rouse.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The one process of a pod of the dev node.
 *
 * @param pod the pod's name
 * @param podUid the pod's UID
 * @param directory where the node keeps what it knows of the container
 * @param pid on this machine
 */
public record PodProcess(String pod, String podUid, Path directory, long pid) {

  /** The process of a pod, once there is one. */
  static Optional<PodProcess> of(Path nodeData, String pod, String podUid) {
    Path directory = nodeData.resolve("pods").resolve(podUid);
    try (Stream<Path> containers = Files.list(directory)) {
      Optional<Path> container =
          containers.filter(path -> Files.exists(path.resolve("pid"))).findFirst();
      return container.flatMap(path -> read(pod, podUid, path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<PodProcess> read(String pod, String podUid, Path container) {
    try {
      String pid = Files.readString(container.resolve("pid"));
      return pid.endsWith("\n")
          ? Optional.of(new PodProcess(pod, podUid, container, Long.parseLong(pid.strip())))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}; returns when it is dead. */
  public void kill() throws InterruptedException {
    if (!tryKill()) {
      throw new AssertionError("cannot kill " + pod + ": it has ended");
    }
  }

  /** {@code kill -9}, if it has not ended; returns when it is dead. */
  public boolean tryKill() throws InterruptedException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty() || !process.get().destroyForcibly()) {
      return false;
    }
    await(process.get(), 10);
    return true;
  }

  /** Makes it stand still, as on a machine that hangs. */
  public void freeze() throws InterruptedException {
    signal("STOP");
  }

  /** Lets it go on where it stood. */
  public void thaw() throws InterruptedException {
    signal("CONT");
  }

  /** Waits for it to end by itself. */
  public void awaitEnd(long seconds) throws InterruptedException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      await(process.get(), seconds);
    }
  }

  /** The exit code that the node wrote down. */
  public Optional<Integer> exitCode() {
    try {
      String exit = Files.readString(directory.resolve("0").resolve("exit"));
      return exit.endsWith("\n") ? Optional.of(Integer.parseInt(exit.strip())) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await(ProcessHandle process, long seconds) throws InterruptedException {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(pod + " (process " + pid + ") does not end in " + seconds + " s", e);
    }
  }

  private void signal(String signal) throws InterruptedException {
    try {
      int exit =
          new ProcessBuilder("kill", "-s", signal, Long.toString(pid))
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0) {
        throw new AssertionError("cannot send " + signal + " to " + pod + ": it has ended");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
