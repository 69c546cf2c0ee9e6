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
 * @param scripts what the scripted model plays
 * @param adjustment the last word on the settings of operator, server and the rest
 */
public record LauncherConfig(
    Path root,
    Path directory,
    Tools tools,
    Set<String> without,
    boolean keep,
    boolean audit,
    Progress progress,
    Path scripts,
    Adjustment adjustment) {

  public LauncherConfig {
    root = root.toAbsolutePath().normalize();
    without = Set.copyOf(without);
  }

  /** A dev cluster that plays the scripts of the examples, its components as they are. */
  public LauncherConfig(
      Path root,
      Path directory,
      Tools tools,
      Set<String> without,
      boolean keep,
      boolean audit,
      Progress progress) {
    this(
        root,
        directory,
        tools,
        without,
        keep,
        audit,
        progress,
        root.toAbsolutePath().resolve("examples").resolve("scripts"),
        Adjustment.NONE);
  }

  /** The same with other scripts. */
  public LauncherConfig playing(Path other) {
    return new LauncherConfig(
        root, directory, tools, without, keep, audit, progress, other, adjustment);
  }

  /** The same with other settings of components. */
  public LauncherConfig adjusted(Adjustment other) {
    return new LauncherConfig(
        root, directory, tools, without, keep, audit, progress, scripts, other);
  }
}
