package dev.rouse.e2e.bed;

import dev.rouse.e2e.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the programs and containers of a bed said.
 *
 * @param programs the directory of the programs' logs
 */
record BedLogs(Path programs, List<NodeHost> nodes) {

  /** Copies them to {@code target/e2e/logs}, as the bed's own directory goes with it. */
  void save() throws IOException, InterruptedException {
    Path saved = Cluster.target().resolve("e2e").resolve("logs");
    Files.createDirectories(saved);
    // A file that is written or removed meanwhile is no reason to leave a bed up.
    Command.of("cp", "-r", programs + "/.", saved.toString()).tryRun();
    for (NodeHost node : nodes) {
      Path containers = saved.resolve(node.machine().name());
      Command.of("cp", "-r", node.podLogs() + "/.", containers.toString()).tryRun();
    }
  }
}
