package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.tools.Tools;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a dev cluster is to be like.
 *
 * @param root of the checkout
 * @param directory of the run; emptied at the start
 * @param tools the control plane's programs
 * @param without names of components that are not started
 * @param keep whether the run's files stay at the end
 * @param audit whether requests to the API server are written to {@code logs/audit.log}
 * @param progress told about each step
 */
public record LauncherConfig(
    Path root,
    Path directory,
    Tools tools,
    Set<String> without,
    boolean keep,
    boolean audit,
    Progress progress) {

  public LauncherConfig {
    root = root.toAbsolutePath().normalize();
    without = Set.copyOf(without);
  }
}
