package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.tools.Tools;
import java.nio.file.Path;
import java.util.Map;
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
 * @param realModels whether ModelProviders may lead to other machines, though nothing isolates a
 *     sandbox
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
    Adjustment adjustment,
    boolean realModels) {

  /**
   * The environment variable by which a person accepts real models beside sandboxes that isolate
   * nothing.
   */
  public static final String ALLOW_UNISOLATED = "ALLOW_UNISOLATED";

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
        Adjustment.NONE,
        false);
  }

  /** The same with other scripts. */
  public LauncherConfig playing(Path other) {
    return new LauncherConfig(
        root, directory, tools, without, keep, audit, progress, other, adjustment, realModels);
  }

  /** The same with other settings of components. */
  public LauncherConfig adjusted(Adjustment other) {
    return new LauncherConfig(
        root, directory, tools, without, keep, audit, progress, scripts, other, realModels);
  }

  /** The same, with real models if this environment accepts them. */
  public LauncherConfig accepting(Map<String, String> environment) {
    return new LauncherConfig(
        root,
        directory,
        tools,
        without,
        keep,
        audit,
        progress,
        scripts,
        adjustment,
        "1".equals(environment.get(ALLOW_UNISOLATED)));
  }
}
