package dev.rouse.devcluster.launch;

import dev.rouse.api.Session;
import dev.rouse.devcluster.controlplane.Manifests;
import dev.rouse.devcluster.process.Check;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.process.Signal;
import dev.rouse.devcluster.process.Supervised;
import dev.rouse.devcluster.tools.Tools;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives programs their ahead-of-time caches: on a dev cluster where they are recorded an agent
 * fixes a bug, so each has done once what it will do, and that is what its cache holds.
 *
 * <p>The caches are made afterwards: a JVM that makes its own at its end takes longer for it than a
 * pod has to end.
 */
public final class Training implements Adjustment {

  private static final Path EXAMPLE = Path.of("examples", "02-coding-agent.yaml");
  private static final String SESSION = "fix-duration";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final LauncherConfig config;
  private final List<Trainee> trainees;

  /**
   * Prepares it.
   *
   * @param checkout where the rest of the dev cluster is built
   * @param directory of the dev cluster; it stays only if something goes wrong
   * @param trainees what takes the place of the checkout's own programs of the same modules
   */
  public Training(
      Path checkout, Path directory, Tools tools, Progress progress, List<Trainee> trainees) {
    this.config = new LauncherConfig(checkout, directory, tools, Set.of(), false, false, progress);
    this.trainees = List.copyOf(trainees);
  }

  /**
   * Runs it.
   *
   * @throws IOException if a program does not do its part, or the JVM refuses a cache; the message
   *     says why
   */
  public void run() throws IOException, InterruptedException {
    for (Trainee trainee : trainees) {
      trainee.forget();
    }
    try (Launcher cluster = Launcher.start(config.adjusted(this))) {
      try {
        session(cluster);
        config.progress().step("an agent has fixed a bug");
        for (String component : List.of("operator", "server")) {
          end(cluster.component(component));
        }
      } catch (IOException | RuntimeException e) {
        cluster.keepFiles();
        throw e;
      }
    }
    for (Trainee trainee : trainees) {
      trainee.makeCache();
    }
    config.progress().step("caches made");
  }

  @Override
  public Map<String, String> of(String component, Map<String, String> settings) {
    return settings;
  }

  @Override
  public List<String> command(JavaProgram program, Path root, List<String> arguments)
      throws IOException {
    for (Trainee trainee : trainees) {
      if (trainee.module().equals(program.module())) {
        return trainee.recorded(arguments);
      }
    }
    return Adjustment.super.command(program, root, arguments);
  }

  /** With as much time as it needs to write down what it did. */
  private static void end(Supervised component) throws IOException, InterruptedException {
    component.pause();
    component.current().signal(Signal.TERM);
    try {
      component.current().exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(component.name() + " does not end", e);
    }
  }

  private void session(Launcher cluster) throws IOException, InterruptedException {
    KubernetesClient client = cluster.controlPlane().client();
    new Manifests(client).apply(List.of(config.root().resolve(EXAMPLE)));
    await(cluster, () -> hasLog(client));
    watch(cluster);
    // The pods leave by themselves; what they did is written down on the way.
    await(cluster, () -> client.pods().inAnyNamespace().list().getItems().isEmpty());
  }

  private static boolean hasLog(KubernetesClient client) {
    Session session =
        client
            .resources(Session.class)
            .inNamespace(Setup.DEVELOPER_NAMESPACE)
            .withName(SESSION)
            .require();
    return session.getStatus() != null && session.getStatus().phase() != null;
  }

  /** Returns when the session has come to rest. */
  private void watch(Launcher cluster) throws IOException, InterruptedException {
    Path log = cluster.logs().resolve("cli.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                command(JavaProgram.CLI, config.root(), List.of("watch", SESSION, "--until-idle")))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("KUBE"));
    builder.environment().putAll(cluster.environment());
    Process process = builder.start();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("kubectl rouse watch: " + Files.readString(log));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static void await(Launcher cluster, Check check) throws InterruptedException {
    cluster.component("operator").awaitReady(check, PATIENCE);
  }
}
