package dev.rouse.devcluster.node.process;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts containers' processes and takes over those an earlier node program started. */
public final class Processes {

  private static final Logger LOG = LoggerFactory.getLogger(Processes.class);

  private final Isolation isolation;
  private final ProcFs procFs;
  private final DirectoryWatch watch;
  private final Clock clock;

  public Processes(Isolation isolation, ProcFs procFs, DirectoryWatch watch, Clock clock) {
    this.isolation = isolation;
    this.procFs = procFs;
    this.watch = watch;
    this.clock = clock;
  }

  /**
   * Starts a process in a directory not used before.
   *
   * @throws IOException if the shim cannot be started; then nothing runs
   */
  public ContainerProcess start(AttemptDirectory directory, Launch launch, ContainerMark mark)
      throws IOException {
    Files.createDirectories(directory.path());
    Files.writeString(directory.log(), "");
    Instant startedAt = clock.instant();
    Process shim = Shim.start(directory, launch, mark, isolation);
    ContainerProcess process = new ContainerProcess(directory, mark, this, startedAt);
    process.observe(Optional.of(shim.toHandle()));
    return process;
  }

  /**
   * Takes over the process of a directory: running, ended meanwhile, or lost.
   *
   * @return empty if the attempt never came to a start, which is then certain
   */
  public Optional<ContainerProcess> adopt(AttemptDirectory directory, ContainerMark mark)
      throws IOException {
    Optional<ProcessId> shim = directory.shim();
    Optional<Instant> startedAt = directory.startedAt();
    if (shim.isEmpty() || startedAt.isEmpty()) {
      sweep(mark.entries());
      return Optional.empty();
    }
    ContainerProcess process = new ContainerProcess(directory, mark, this, startedAt.get());
    Optional<ProcessHandle> alive =
        shim.filter(procFs::runs).flatMap(id -> ProcessHandle.of(id.pid()));
    process.observe(alive);
    if (alive.isEmpty()) {
      // Its end is a fact already: nobody shall see it as running in between.
      var unused = process.exit().handle((exit, failure) -> true).join();
    }
    return Optional.of(process);
  }

  /** Ends every process with these entries in its environment. */
  public void sweep(Map<String, String> mark) {
    if (!new Sweeper(procFs).sweep(mark)) {
      LOG.atWarn().addKeyValue("mark", mark).log("some processes of a container would not end");
    }
  }

  public Isolation isolation() {
    return isolation;
  }

  public ProcFs procFs() {
    return procFs;
  }

  DirectoryWatch watch() {
    return watch;
  }

  Clock clock() {
    return clock;
  }
}
