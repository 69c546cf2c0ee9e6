package dev.rouse.devcluster.node.probe;

import dev.rouse.devcluster.node.process.ContainerProcess;
import dev.rouse.devcluster.node.process.ProcessId;
import dev.rouse.devcluster.node.process.Processes;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands with the environment, directory and namespaces a container's main process has, as
 * the kernel shows them: right for adopted processes too.
 */
public final class ProcessCommands implements ContainerCommands {

  private static final int OUTPUT_LIMIT = 1024;

  private final Processes processes;
  private final ContainerProcess container;

  public ProcessCommands(Processes processes, ContainerProcess container) {
    this.processes = processes;
    this.container = container;
  }

  @Override
  public ProbeResult run(List<String> command, Duration timeout) {
    Optional<ProcessId> main = container.main();
    if (main.isEmpty()) {
      return new ProbeResult.Failure("the container has no main process yet");
    }
    try {
      return run(main.get().pid(), command, timeout);
    } catch (IOException e) {
      return new ProbeResult.Failure("cannot run %s: %s".formatted(command, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ProbeResult.Failure("interrupted");
    }
  }

  private ProbeResult run(long mainPid, List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    // A full pipe would block the command, so its output goes to a file.
    Path output = Files.createTempFile("rouse-exec", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(processes.isolation().enter(mainPid, command))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
      builder.environment().clear();
      builder.environment().putAll(processes.procFs().environment(mainPid));
      processes
          .procFs()
          .workingDirectory(mainPid)
          .ifPresent(directory -> builder.directory(directory.toFile()));
      Process process = builder.start();
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return new ProbeResult.Failure(
            "command %s timed out after %d s".formatted(command, timeout.toSeconds()));
      }
      return process.exitValue() == 0
          ? new ProbeResult.Success()
          : new ProbeResult.Failure(
              "command %s exited with %d: %s"
                  .formatted(command, process.exitValue(), head(output)));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String head(Path output) throws IOException {
    try (var in = Files.newInputStream(output)) {
      return new String(in.readNBytes(OUTPUT_LIMIT), StandardCharsets.UTF_8).strip();
    }
  }
}
