package dev.rouse.images;

import dev.rouse.api.Session;
import dev.rouse.devcluster.controlplane.Manifests;
import dev.rouse.devcluster.file.Trees;
import dev.rouse.devcluster.launch.Adjustment;
import dev.rouse.devcluster.launch.JavaProgram;
import dev.rouse.devcluster.launch.Launcher;
import dev.rouse.devcluster.launch.LauncherConfig;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.process.Signal;
import dev.rouse.devcluster.process.Supervised;
import dev.rouse.devcluster.tools.Tools;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Makes the ahead-of-time caches of the programs of a stage. What they load is learned from a real
 * session: on a dev cluster whose operator, server, brain and hands are those of the stage, an
 * agent fixes a bug. So this is also the proof that the stage's runtime lacks nothing.
 */
final class Training implements Adjustment {

  private static final String NAMESPACE = "default";
  private static final String EXAMPLE = "examples/02-coding-agent.yaml";
  private static final String SESSION = "fix-duration";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What cannot be recorded is listed otherwise, class by class. */
  private static final String QUIET = "-Xlog:aot=off";

  private final Stage stage;
  private final Path checkout;
  private final Path work;
  private final Progress progress;

  /** The settings of operator and server, as the dev cluster gives them. */
  private final Map<String, Map<String, String>> settings = new ConcurrentHashMap<>();

  /** Whether programs end because they are told to. */
  private volatile boolean ending;

  private Training(Stage stage, Path checkout, Progress progress) {
    this.stage = stage;
    this.checkout = checkout;
    this.work = stage.directory().resolveSibling("training");
    this.progress = progress;
  }

  /** Makes the caches, all of them, unless each is there and holds. */
  static void refresh(Stage stage, Path checkout, Progress progress)
      throws IOException, InterruptedException {
    for (Program program : Program.values()) {
      if (Trained.find(stage, program).isEmpty()) {
        new Training(stage, checkout, progress).run();
        return;
      }
    }
  }

  private void run() throws IOException, InterruptedException {
    Trees.delete(work);
    Files.createDirectories(work);
    LauncherConfig config =
        new LauncherConfig(
                checkout,
                work.resolve("dev"),
                Tools.locate(System.getenv()),
                Set.of(),
                false,
                false,
                this::tell)
            .adjusted(this);
    try (Launcher cluster = Launcher.start(config)) {
      playSession(cluster.controlPlane().client());
      ending = true;
      for (String component : List.of("operator", "server")) {
        end(cluster.component(component));
      }
      for (Program program : Program.values()) {
        create(program);
      }
      progress.step("caches made");
      StartTrial trial = new StartTrial(stage, cluster, settings, work);
      for (Program program : Program.values()) {
        trial.of(program).keep(stage, program);
      }
    }
    Trees.delete(work);
  }

  private void tell(String step) {
    if (!ending) {
      progress.step(step);
    }
  }

  @Override
  public Map<String, String> of(String component, Map<String, String> given) throws IOException {
    Map<String, String> adjusted = StartTrial.withProbe(component, given);
    settings.put(component, adjusted);
    return adjusted;
  }

  @Override
  public List<String> command(JavaProgram program, Path root, List<String> arguments)
      throws IOException {
    for (Program staged : Program.values()) {
      if (staged.module().equals(program.module())) {
        List<String> command =
            stage.trial(
                staged, "-XX:AOTMode=record", "-XX:AOTConfiguration=" + recording(staged), QUIET);
        return Stream.concat(command.stream(), arguments.stream()).toList();
      }
    }
    return Adjustment.super.command(program, root, arguments);
  }

  private Path recording(Program program) {
    return work.resolve(program.title() + ".recording");
  }

  /** Runs the session and removes it, whereupon its pods write down what they had loaded. */
  private void playSession(KubernetesClient client) throws IOException {
    new Manifests(client).apply(List.of(checkout.resolve(EXAMPLE)));
    Resource<Session> session =
        client.resources(Session.class).inNamespace(NAMESPACE).withName(SESSION);
    session.waitUntilCondition(
        it -> it != null && it.getStatus() != null && "Idle".equals(it.getStatus().phase()),
        PATIENCE.toSeconds(),
        TimeUnit.SECONDS);
    List<Pod> pods = client.pods().inNamespace(NAMESPACE).list().getItems();
    session.delete();
    for (Pod pod : pods) {
      client
          .resource(pod)
          .waitUntilCondition(Objects::isNull, PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    progress.step("an agent has fixed a bug");
  }

  private static void end(Supervised component) throws IOException, InterruptedException {
    component.pause();
    component.current().signal(Signal.TERM);
    try {
      component.current().exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(component.name() + " does not end", e);
    }
  }

  private void create(Program program) throws IOException, InterruptedException {
    Path recording = recording(program);
    if (!Files.exists(recording)) {
      throw new IOException(
          "%s did not write down what it had loaded; on a machine that is very busy it may have been"
                  .formatted(program.title())
              + " killed before: try again");
    }
    Path made = work.resolve(program.title() + ".aot");
    Tool.run(
        stage.trial(
            program,
            "-XX:AOTMode=create",
            "-XX:AOTConfiguration=" + recording,
            "-XX:AOTCache=" + made));
    Files.move(made, stage.cache(program), StandardCopyOption.REPLACE_EXISTING);
  }
}
