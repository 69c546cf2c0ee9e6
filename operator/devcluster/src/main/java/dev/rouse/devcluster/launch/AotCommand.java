package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.tools.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes the ahead-of-time caches of all programs that a dev cluster starts. A cache holds only for
 * the JVM, the jars and the flags of its training run, so the run is a dev cluster.
 */
@Command(
    name = "aot",
    description = "Make the programs' ahead-of-time caches, if one is older than its jars.",
    mixinStandardHelpOptions = true)
public final class AotCommand implements Callable<Integer> {

  @Option(names = "--root", description = "The checkout. Default: the current directory.")
  private Path root = Path.of("");

  @Override
  public Integer call() throws Exception {
    return Foreground.run(() -> {
      refresh(root.toAbsolutePath().normalize(), Tools.locate(System.getenv()));
      return 0;
    });
  }

  /**
   * Makes all caches anew unless all are younger than their jars.
   *
   * @param checkout whose programs are built
   * @throws IOException if a program is not built, or its cache cannot be made; the message says
   *     why
   */
  public static void refresh(Path checkout, Tools tools) throws IOException, InterruptedException {
    List<JavaProgram> programs = Components.withCaches();
    if (allTrained(checkout, programs)) {
      return;
    }
    System.out.println(
        "== Ahead-of-time caches: one session on a dev cluster whose programs are recorded (1 minute)");
    new Training(
            checkout,
            checkout.resolve(".rouse").resolve("training"),
            tools,
            Progress.timed(System.out, InstantSource.system()),
            programs.stream().map(program -> program.trainee(checkout)).toList())
        .run();
    for (JavaProgram program : programs) {
      Path cache = program.cache(checkout);
      System.out.printf("  %-16s %d MiB%n", cache.getFileName(), Files.size(cache) >> 20);
    }
  }

  private static boolean allTrained(Path checkout, List<JavaProgram> programs) throws IOException {
    for (JavaProgram program : programs) {
      if (!program.isTrained(checkout)) {
        return false;
      }
    }
    return true;
  }
}
