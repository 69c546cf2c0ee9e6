package dev.rouse.images;

import dev.rouse.devcluster.controlplane.HttpCheck;
import dev.rouse.devcluster.controlplane.Ports;
import dev.rouse.devcluster.file.Trees;
import dev.rouse.devcluster.launch.Launcher;
import dev.rouse.devcluster.launch.LauncherConfig;
import dev.rouse.devcluster.process.Child;
import dev.rouse.devcluster.process.ProcessSpec;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.process.Run;
import dev.rouse.devcluster.process.Supervised;
import dev.rouse.devcluster.tools.Tools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts the programs of a stage with their caches and without, and takes the time. Operator and
 * server want a cluster: it is a dev cluster whose own two have ended.
 */
final class StartTrial implements AutoCloseable {

  /**
   * One start.
   *
   * @param ready from the start until the program answers its probe
   * @param processor the processor time that it took until then
   */
  record Start(Duration ready, Duration processor) {}

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String OPERATOR_PROBE = "ROUSE_HEALTH_LISTEN";

  private final Stage stage;
  private final Launcher cluster;
  private final Run run;

  /** The settings of operator and server, as the dev cluster gives them. */
  private final Map<String, Map<String, String>> settings;

  private StartTrial(
      Stage stage, Launcher cluster, Run run, Map<String, Map<String, String>> settings) {
    this.stage = stage;
    this.cluster = cluster;
    this.run = run;
    this.settings = settings;
  }

  /**
   * Prepares them.
   *
   * @param work a directory for them, emptied
   */
  static StartTrial prepare(Stage stage, Path checkout, Path work, Progress progress)
      throws IOException, InterruptedException {
    Trees.delete(work);
    Run run = Run.create(work.resolve("starts"));
    Map<String, Map<String, String>> settings = new HashMap<>();
    LauncherConfig config =
        new LauncherConfig(
                checkout,
                work.resolve("dev"),
                Tools.locate(System.getenv()),
                Set.of(),
                false,
                false,
                progress)
            .adjusted((component, given) -> {
              settings.put(component, withProbe(component, given));
              return given;
            });
    Launcher cluster = Launcher.start(config);
    try {
      for (String component : List.of("operator", "server")) {
        Supervised own = cluster.component(component);
        own.pause();
        own.current().stop();
      }
    } catch (InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
    return new StartTrial(stage, cluster, run, settings);
  }

  /** The settings of a component, with a place for its probe if it needs to be told one. */
  private static Map<String, String> withProbe(String component, Map<String, String> settings)
      throws IOException {
    if (!component.equals("operator")) {
      return settings;
    }
    Map<String, String> all = new HashMap<>(settings);
    all.put(OPERATOR_PROBE, "127.0.0.1:" + Ports.free(1).getFirst());
    return all;
  }

  /** Starts a program from its cache, until it is ready; it ends if the JVM refuses the cache. */
  Start cached(Program program) throws IOException, InterruptedException {
    return start(program, "-XX:AOTMode=on", "-XX:AOTCache=" + stage.cache(program));
  }

  /** Starts a program without its cache, until it is ready. */
  Start plain(Program program) throws IOException, InterruptedException {
    return start(program, "-XX:AOTMode=off");
  }

  /**
   * Starts it.
   *
   * @throws dev.rouse.devcluster.process.ChildFailedException if it ends, or is not ready in time
   */
  private Start start(Program program, String... flags) throws IOException, InterruptedException {
    Path files = Files.createTempDirectory(run.directory(), program.title());
    int port = Ports.free(1).getFirst();
    Map<String, String> environment =
        switch (program) {
          case OPERATOR, SERVER -> settings.getOrDefault(program.title(), Map.of());
          case BRAIN -> Alone.brain(files, port);
          case HANDS -> Alone.hands(files, port);
        };
    URI probe =
        switch (program) {
          case OPERATOR -> URI.create("http://" + environment.get(OPERATOR_PROBE) + "/readyz");
          case SERVER -> cluster.serverUrl().resolve("/readyz");
          case BRAIN, HANDS -> URI.create("http://127.0.0.1:%d/healthz".formatted(port));
        };
    HttpCheck ready = new HttpCheck(probe, cluster.caFile());
    List<String> command = stage.trial(program, flags);
    long began = System.nanoTime();
    try (Child child =
        Child.start(new ProcessSpec(program.title(), command, environment, run, PATIENCE))) {
      child.awaitReady(ready, PATIENCE);
      Duration taken = Duration.ofNanos(System.nanoTime() - began);
      return new Start(taken, processor(child.pid()));
    }
  }

  private static Duration processor(long pid) throws IOException {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IOException("process " + pid + " says nothing of its time"));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
