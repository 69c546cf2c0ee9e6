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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A dev cluster whose programs are recorded, and one session on it: so each has done once what it
 * will do, and that is what its ahead-of-time cache holds.
 *
 * <p>The caches are made afterwards: a JVM that makes its own at its end takes longer for it than a
 * pod has to end.
 */
final class Training implements Adjustment {

  private static final Path EXAMPLE = Path.of("examples", "01-first-session.yaml");
  private static final String SESSION = "hello";
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Path checkout;
  private final Tools tools;
  private final List<JavaProgram> programs;

  Training(Path checkout, Tools tools, List<JavaProgram> programs) {
    this.checkout = checkout;
    this.tools = tools;
    this.programs = List.copyOf(programs);
  }

  void run() throws IOException, InterruptedException {
    LauncherConfig config =
        new LauncherConfig(
                checkout,
                checkout.resolve(".rouse").resolve("training"),
                tools,
                Set.of(),
                false,
                false,
                Progress.timed(System.out, InstantSource.system()))
            .adjusted(this);
    try (Launcher cluster = Launcher.start(config)) {
      try {
        session(cluster);
        for (String component : List.of("operator", "server")) {
          end(cluster.component(component));
        }
      } catch (IOException | RuntimeException e) {
        cluster.keepFiles();
        throw e;
      }
    }
    for (JavaProgram program : programs) {
      assemble(program);
    }
  }

  @Override
  public Map<String, String> of(String component, Map<String, String> settings) {
    return settings;
  }

  @Override
  public List<String> command(JavaProgram program, Path root, List<String> arguments)
      throws IOException {
    return programs.contains(program)
        ? program.training(root, arguments)
        : Adjustment.super.command(program, root, arguments);
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

  /** A cache appears whole or not at all. */
  private void assemble(JavaProgram program) throws IOException, InterruptedException {
    Path unfinished = program.cache(checkout).resolveSibling("unfinished.aot");
    Process process =
        new ProcessBuilder(program.assembly(checkout, unfinished))
            .redirectErrorStream(true)
            .start();
    String output;
    try (var in = process.getInputStream()) {
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (process.waitFor() != 0 || !Files.exists(unfinished)) {
      throw new IOException(
          "no ahead-of-time cache can be made for %s:%n%s".formatted(program.main(), output));
    }
    Files.move(
        unfinished,
        program.cache(checkout),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    Files.delete(program.recording(checkout));
  }

  private void session(Launcher cluster) throws IOException, InterruptedException {
    KubernetesClient client = cluster.controlPlane().client();
    new Manifests(client).apply(List.of(checkout.resolve(EXAMPLE)));
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
                JavaProgram.CLI.training(checkout, List.of("watch", SESSION, "--until-idle")))
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
