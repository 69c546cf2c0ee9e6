package dev.rouse.e2e.bed;

import dev.rouse.devcluster.process.Leftovers;
import dev.rouse.devcluster.process.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a bed has beside its processes, and what is left when it was killed: containers, mounts,
 * cgroups. Its network namespaces end with their last process.
 */
record Remains(Run run) {

  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Where kubelets put links to the logs of their containers, whatever they are told. */
  private static final Path LOG_LINKS = Path.of("/var/log/containers");

  /**
   * Ends and removes all of it. Files stay: they belong to the run's directory.
   *
   * @return how many programs there were
   */
  int clear() throws IOException, InterruptedException {
    // The programs first, or kubelet and shims would put back what is taken away.
    int processes = Leftovers.end(run, GRACE);
    for (Machine machine : Machine.ALL) {
      new Cgroups(machine.cgroup()).remove();
    }
    for (Path mount : mounts()) {
      Command.of("umount", "--lazy", mount.toString()).tryRun();
    }
    if (!mounts().isEmpty()) {
      throw new IOException("mounts that cannot be removed: " + mounts());
    }
    removeLogLinks();
    return processes;
  }

  private void removeLogLinks() throws IOException {
    if (!Files.isDirectory(LOG_LINKS)) {
      return;
    }
    try (Stream<Path> links = Files.list(LOG_LINKS)) {
      for (Path link : links.filter(Files::isSymbolicLink).toList()) {
        if (Files.readSymbolicLink(link).startsWith(run.directory())) {
          Files.delete(link);
        }
      }
    }
  }

  /** All below the run's directory, the lowest first. */
  private List<Path> mounts() throws IOException {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts
          .map(line -> Path.of(line.split(" ")[1].replace("\\040", " ")))
          .filter(path -> path.startsWith(run.directory()))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }
}
