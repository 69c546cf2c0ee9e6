package dev.rouse.e2e.bed;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the distribution gave a node.
 *
 * @param networkPlugins where bridge and host-local are
 * @param hasGvisor whether runsc and its shim are on the path
 */
record NodeSoftware(Path networkPlugins, boolean hasGvisor) {

  /** What is here. {@code hack/check.sh e2e} has made sure of what must be. */
  static NodeSoftware ofThisMachine() {
    Path plugins =
        List.of(Path.of("/usr/lib/cni"), Path.of("/opt/cni/bin")).stream()
            .filter(path -> Files.isExecutable(path.resolve("bridge")))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no network plugins: hack/check.sh e2e"));
    return new NodeSoftware(plugins, isThere("runsc") && isThere("containerd-shim-runsc-v1"));
  }

  private static boolean isThere(String program) {
    return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
