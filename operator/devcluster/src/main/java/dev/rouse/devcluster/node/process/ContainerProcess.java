package dev.rouse.devcluster.node.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of one container, started by this node program or by an earlier one.
 *
 * <p>Its end is told only after everything it left behind has ended too.
 */
public final class ContainerProcess {

  private static final Logger LOG = LoggerFactory.getLogger(ContainerProcess.class);

  private final AttemptDirectory directory;
  private final ContainerMark mark;
  private final Processes processes;
  private final LogTimes logTimes;
  private final Instant startedAt;
  private final CompletableFuture<ProcessId> main = new CompletableFuture<>();
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();
  private final AtomicBoolean ending = new AtomicBoolean();
  private DirectoryWatch.@Nullable Registration registration;

  ContainerProcess(
      AttemptDirectory directory, ContainerMark mark, Processes processes, Instant startedAt) {
    this.directory = directory;
    this.mark = mark;
    this.processes = processes;
    this.startedAt = startedAt;
    this.logTimes = new LogTimes(directory, processes.clock());
  }

  /** Begins to watch; the files may already say that all is over. */
  void observe(Optional<ProcessHandle> shim) throws IOException {
    registration = processes.watch().register(directory.path(), this::look);
    // Backup for a shim that is killed itself: then no file will ever change.
    if (shim.isPresent()) {
      shim.get().onExit().thenRun(() -> ended(true));
    } else {
      ended(true);
    }
    look();
  }

  public AttemptDirectory directory() {
    return directory;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /** The end; completes on a thread that may block. */
  public CompletableFuture<Exit> exit() {
    return exit;
  }

  /** Completes when the main process runs. */
  public CompletableFuture<ProcessId> started() {
    return main;
  }

  /** The main process by its number on the host; empty in its first milliseconds. */
  public Optional<ProcessId> main() {
    return main.isDone() && !main.isCompletedExceptionally()
        ? Optional.of(main.join())
        : Optional.empty();
  }

  /** Asks the main process to end (SIGTERM), as soon as there is one. */
  public void terminate() {
    signal(false);
  }

  /** Ends the main process, and with it everything of the container. */
  public void kill() {
    signal(true);
  }

  private void signal(boolean force) {
    CompletableFuture<Void> unused =
        main.thenAccept(id -> {
          Optional<ProcessHandle> handle = ProcessHandle.of(id.pid());
          if (handle.isPresent() && processes.procFs().runs(id)) {
            boolean sent = force ? handle.get().destroyForcibly() : handle.get().destroy();
            LOG.atDebug().addKeyValue("pid", id.pid()).addKeyValue("sent", sent).log("signal");
          }
        });
  }

  private void look() {
    try {
      if (!main.isDone()) {
        directory.main().ifPresent(main::complete);
      }
      logTimes.note();
      if (directory.exit().isPresent()) {
        ended(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory.path(), e);
    }
  }

  private void ended(boolean shimIsGone) {
    if (ending.compareAndSet(false, true)) {
      Thread.ofVirtual().name("container-end").start(() -> finish(shimIsGone));
    }
  }

  private void finish(boolean shimIsGone) {
    try {
      Optional<Exit> recorded = directory.exit();
      if (recorded.isEmpty() && shimIsGone) {
        directory.main().ifPresent(main::complete);
        kill();
        directory.recordExit(Exit.UNKNOWN_CODE);
      }
      if (!processes.isolation().kernelEndsLeftovers() || recorded.isEmpty()) {
        processes.sweep(mark.entries());
      }
      logTimes.note();
      exit.complete(recorded.orElseGet(() -> Exit.unknown(processes.clock().instant())));
    } catch (IOException | RuntimeException e) {
      exit.completeExceptionally(e);
    } finally {
      if (registration != null) {
        registration.close();
      }
    }
  }
}
