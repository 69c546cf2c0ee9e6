package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.tools.Tools;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a dev cluster and keeps it until it is told to stop. */
@Command(
    name = "up",
    description = "Start a dev cluster and keep it running until Ctrl-C.",
    mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {

  @Option(names = "--root", description = "The checkout. Default: the current directory.")
  private Path root = Path.of("");

  @Option(
      names = "--run-dir",
      description = "Where everything of this run is. Default: .rouse/dev in the checkout.")
  private Path runDirectory = Path.of("");

  @Option(
      names = "--without",
      split = ",",
      description = "Components not to start: node, provisioner, model, server, operator.")
  private Set<String> without = Set.of();

  @Option(names = "--keep", description = "Keep the run's files at the end, until the next start.")
  private boolean keep;

  @Option(names = "--audit", description = "Write every API request to logs/audit.log.")
  private boolean audit;

  @Mixin private StoreOption store;

  @Override
  public Integer call() throws Exception {
    return Foreground.run(this::run);
  }

  private int run() throws Exception {
    PrintStream out = System.out;
    Progress progress = Progress.timed(out, InstantSource.system());
    try (Launcher launcher = Launcher.start(config(progress))) {
      progress.step("up");
      out.println();
      launcher.exports().forEach(line -> out.println("  " + line));
      out.println();
      out.println("  logs: " + launcher.logs());
      out.println("  stop: Ctrl-C, or kill " + ProcessHandle.current().pid());
      out.flush();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException toldToStop) {
        progress.step("stopping");
      }
    }
    progress.step("everything has ended");
    return 0;
  }

  private LauncherConfig config(Progress progress) {
    Path checkout = root.toAbsolutePath().normalize();
    Path directory =
        runDirectory.toString().isEmpty()
            ? checkout.resolve(".rouse").resolve("dev")
            : runDirectory;
    return store.in(
        new LauncherConfig(
                checkout, directory, Tools.locate(System.getenv()), without, keep, audit, progress)
            .accepting(System.getenv()));
  }
}
