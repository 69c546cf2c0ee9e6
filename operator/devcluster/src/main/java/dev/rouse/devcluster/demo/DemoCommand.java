package dev.rouse.devcluster.demo;

import dev.rouse.devcluster.launch.Foreground;
import dev.rouse.devcluster.launch.JavaProgram;
import dev.rouse.devcluster.launch.Launcher;
import dev.rouse.devcluster.launch.LauncherConfig;
import dev.rouse.devcluster.launch.StoreOption;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.tools.Tools;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a dev cluster, runs the demo on it, and ends it again. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Start a dev cluster; let an agent fix a bug; kill its brain in mid-task; show what came of it.",
      "Ignores your kubeconfig and model keys."
    },
    footer = {"", "Examples:", "  make demo", "  make demo KEEP=1", "  make demo STORE=sqlite"})
public final class DemoCommand implements Callable<Integer> {

  @Option(names = "--root", description = "The checkout. Default: the current directory.")
  private Path root = Path.of("");

  @Option(names = "--keep", description = "Stay up afterwards, until Ctrl-C.")
  private boolean keep;

  @Mixin private StoreOption store;

  @Override
  public Integer call() throws Exception {
    return Foreground.run(this::run);
  }

  private int run() throws Exception {
    PrintStream out = System.out;
    Path checkout = root.toAbsolutePath().normalize();
    Tools tools = Tools.locate(System.getenv());
    Progress progress = Progress.timed(out, InstantSource.system());
    LauncherConfig config =
        store.in(
            new LauncherConfig(
                    checkout,
                    checkout.resolve(".rouse").resolve("dev"),
                    tools,
                    Set.of(),
                    false,
                    false,
                    progress)
                .accepting(System.getenv()));
    try (Launcher cluster = Launcher.start(config)) {
      out.println("  Pods are plain processes here: sandboxes are not isolated on this node.");
      out.println();
      try {
        new Demo(
                cluster,
                checkout,
                tools.kubectl(),
                JavaProgram.CLI.command(checkout, List.of()),
                out)
            .run();
      } catch (DemoFailedException e) {
        cluster.keepFiles();
        out.println();
        out.println("The demo failed: " + e.getMessage());
        out.println("What the programs said: " + cluster.logs());
        return 1;
      }
      if (keep) {
        stay(cluster, out);
      }
    } catch (InterruptedException toldToStop) {
      progress.step("stopping");
    }
    progress.step("everything has ended");
    return 0;
  }

  private static void stay(Launcher cluster, PrintStream out) {
    out.println("The cluster stays up. In another terminal:");
    out.println();
    cluster.exports().forEach(line -> out.println("  " + line));
    out.println("  kubectl get sessions.rouse.dev");
    out.println();
    out.println("Ctrl-C ends it.");
    out.flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException toldToStop) {
      out.println();
    }
  }
}
