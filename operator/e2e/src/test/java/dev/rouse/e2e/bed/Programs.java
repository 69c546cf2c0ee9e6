package dev.rouse.e2e.bed;

import dev.rouse.devcluster.tools.Tools;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The programs of a bed beside those of the distribution, where {@code hack/tools.sh} put them.
 *
 * @param helm installs Rouse as people do
 */
record Programs(
    Tools controlPlane, Path kubelet, Path kubeProxy, Path coredns, Path pause, Path helm) {

  /**
   * Those that {@code hack/e2e.sh} named.
   *
   * @throws IllegalStateException if one is not there
   */
  static Programs named() {
    return new Programs(
        Tools.locate(System.getenv()),
        program("kubelet"),
        program("kube-proxy"),
        program("coredns"),
        program("pause"),
        program("helm"));
  }

  private static Path program(String name) {
    Path path = Path.of(System.getProperty("rouse.bed." + name, ""));
    if (!Files.isExecutable(path)) {
      throw new IllegalStateException(
          "no program %s at '%s': start the test bed with make e2e, or hack/e2e.sh"
              .formatted(name, path));
    }
    return path;
  }
}
