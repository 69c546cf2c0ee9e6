package dev.rouse.images;

import dev.rouse.devcluster.controlplane.HttpCheck;
import dev.rouse.devcluster.controlplane.Ports;
import dev.rouse.devcluster.launch.Launcher;
import dev.rouse.devcluster.process.Child;
import dev.rouse.devcluster.process.ProcessSpec;
import dev.rouse.devcluster.process.Run;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts the programs of a stage with their caches and without, and takes the time. */
final class StartTrial {

  private static final int STARTS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String OPERATOR_PROBE = "ROUSE_HEALTH_LISTEN";

  private final Stage stage;
  private final Launcher cluster;
  private final Map<String, Map<String, String>> settings;
  private final Run run;

  /**
   * Prepares them.
   *
   * @param cluster whose own operator and server have ended
   * @param settings which those had
   */
  StartTrial(Stage stage, Launcher cluster, Map<String, Map<String, String>> settings, Path work)
      throws IOException {
    this.stage = stage;
    this.cluster = cluster;
    this.settings = settings;
    this.run = Run.create(work.resolve("starts"));
  }

  /** The settings of a component, with a place for its probe if it needs to be told one. */
  static Map<String, String> withProbe(String component, Map<String, String> settings)
      throws IOException {
    if (!component.equals("operator")) {
      return settings;
    }
    Map<String, String> all = new HashMap<>(settings);
    all.put(OPERATOR_PROBE, "127.0.0.1:" + Ports.free(1).getFirst());
    return all;
  }

  /**
   * The medians of a few starts each.
   *
   * @throws dev.rouse.devcluster.process.ChildFailedException if one does not start, or refuses its
   *     cache
   */
  Trained of(Program program) throws IOException, InterruptedException {
    List<Long> starts = new ArrayList<>();
    List<Long> plain = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      // "on" ends the program if anything about the cache is not right; by default that is silent.
      starts.add(start(program, "-XX:AOTMode=on", "-XX:AOTCache=" + stage.cache(program)));
      plain.add(start(program, "-XX:AOTMode=off"));
    }
    return new Trained(stage.fingerprint(program), median(starts), median(plain));
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private long start(Program program, String... flags) throws IOException, InterruptedException {
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
      return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
  }
}
