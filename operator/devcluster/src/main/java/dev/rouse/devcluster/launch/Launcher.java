package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.controlplane.ControlPlane;
import dev.rouse.devcluster.controlplane.ControlPlaneConfig;
import dev.rouse.devcluster.controlplane.HttpCheck;
import dev.rouse.devcluster.controlplane.Manifests;
import dev.rouse.devcluster.controlplane.Ports;
import dev.rouse.devcluster.process.Check;
import dev.rouse.devcluster.process.ProcessSpec;
import dev.rouse.devcluster.process.RestartPolicy;
import dev.rouse.devcluster.process.Supervised;
import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A whole dev cluster on this machine: a control plane, and beside it node, provisioner, scripted
 * model, server and operator, each a process that is started again when it ends.
 *
 * <p>Nothing of it survives {@link #close}, or the end of this process by any means.
 */
public final class Launcher implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(90);

  private final LauncherConfig config;
  private final RunDirectory directory;
  private final ControlPlane controlPlane;
  private final Wiring wiring;
  private final Map<String, Supervised> components = new LinkedHashMap<>();

  private Launcher(
      LauncherConfig config, RunDirectory directory, ControlPlane controlPlane, Wiring wiring) {
    this.config = config;
    this.directory = directory;
    this.controlPlane = controlPlane;
    this.wiring = wiring;
  }

  /**
   * Starts a dev cluster and waits until every component is ready.
   *
   * @throws IOException if something is not built, is refused, or another cluster runs in the
   *     directory
   * @throws dev.rouse.devcluster.process.ChildFailedException if a program does not start; logs
   *     stay
   */
  public static Launcher start(LauncherConfig config) throws IOException, InterruptedException {
    mustBeBuilt(config);
    RunDirectory directory = RunDirectory.open(config.directory(), config.progress());
    if (config.keep()) {
      directory.keep();
    }
    ControlPlane plane = null;
    Launcher launcher = null;
    try {
      plane = ControlPlane.start(controlPlaneConfig(config, directory));
      Setup setup = new Setup(plane.client());
      setup.apply(config.root());
      if (!config.realModels()) {
        setup.refuseRealModels();
      }
      Wiring wiring = wiring(config, directory, plane);
      launcher = new Launcher(config, directory, plane, wiring);
      launcher.startComponents(setup);
      return launcher;
    } catch (IOException | InterruptedException | RuntimeException e) {
      // The logs say why: they stay until the next start.
      directory.keep();
      if (launcher != null) {
        launcher.close();
      } else if (plane != null) {
        closeAll(List.of(plane, directory));
      } else {
        closeAll(List.of(directory));
      }
      throw e;
    }
  }

  public ControlPlane controlPlane() {
    return controlPlane;
  }

  /** Where the Rouse API is, and the certificate it is trusted by. */
  public URI serverUrl() {
    return wiring.serverUrl();
  }

  public Path caFile() {
    return controlPlane.caFile();
  }

  /** What kubectl and kubectl rouse need to be a developer of this cluster, in that order. */
  public Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("KUBECONFIG", controlPlane.adminKubeconfig().toString());
    environment.put("ROUSE_SERVER", serverUrl().toString());
    environment.put("ROUSE_SERVER_CA", caFile().toString());
    environment.put("ROUSE_AS_SA", Setup.DEVELOPER_NAMESPACE + "/" + Setup.DEVELOPER);
    return environment;
  }

  /** The same for another terminal, line by line. */
  public List<String> exports() {
    return environment().entrySet().stream().map(entry -> "export " + entry).toList();
  }

  /** Where the scripted model is. */
  public URI modelUrl() {
    return wiring.modelUrl();
  }

  /** Where the dev node keeps pods, process numbers and logs. */
  public Path nodeData() {
    return wiring.nodeData();
  }

  /** The log files of all programs, {@code <name>.log}. */
  public Path logs() {
    return directory.run().logs();
  }

  /** Leaves the run's files at the end: something went wrong, and the logs say what. */
  public void keepFiles() {
    directory.keep();
  }

  /** The names of the components that were started. */
  public Set<String> componentNames() {
    return Set.copyOf(components.keySet());
  }

  /** One component, for tests that pause it or end it. */
  public Supervised component(String name) {
    Supervised component = components.get(name);
    if (component == null) {
      throw new IllegalArgumentException(
          "no component '" + name + "' here: there are " + new TreeSet<>(components.keySet()));
    }
    return component;
  }

  /** Ends everything, in the opposite order of the start, and removes the files unless kept. */
  @Override
  public void close() {
    List<AutoCloseable> all = new ArrayList<>(components.values());
    Collections.reverse(all);
    all.add(controlPlane);
    all.add(directory);
    closeAll(all);
  }

  /** Says what is missing, or misspelt, before anything is started. */
  private static void mustBeBuilt(LauncherConfig config) throws IOException {
    Set<String> names = new TreeSet<>(Components.programs().keySet());
    if (!names.containsAll(config.without())) {
      throw new IOException("no such component: " + config.without() + ", there are " + names);
    }
    names.removeAll(config.without());
    for (String name : names) {
      for (JavaProgram program : Components.programs().getOrDefault(name, List.of())) {
        command(config, program, List.of());
      }
    }
  }

  private static ControlPlaneConfig controlPlaneConfig(
      LauncherConfig config, RunDirectory directory) throws IOException {
    ControlPlaneConfig plane =
        ControlPlaneConfig.of(directory.run(), config.tools())
            .withCrds(Manifests.in(config.root().resolve("crds")))
            .withProgress(config.progress());
    return config.audit() ? plane.withAudit() : plane;
  }

  private static Wiring wiring(LauncherConfig config, RunDirectory directory, ControlPlane plane)
      throws IOException {
    List<Integer> ports = Ports.free(2);
    return new Wiring(
        config.scripts(),
        directory.run().directory(),
        plane.pki(),
        plane.nodeKubeconfig(),
        plane.kubeconfigFor(Components.PROVISIONER_NAMESPACE, Components.PROVISIONER_ACCOUNT),
        plane.kubeconfigFor(Components.NAMESPACE, Components.OPERATOR_ACCOUNT),
        plane.kubeconfigFor(Components.NAMESPACE, Components.SERVER_ACCOUNT),
        new Wiring.ComponentPorts(ports.get(0), ports.get(1)),
        URI.create(plane.url()).getPort());
  }

  private void startComponents(Setup setup) throws IOException, InterruptedException {
    List<Component> wanted =
        Components.all(wiring).stream()
            .filter(component -> !config.without().contains(component.name()))
            .toList();
    if (wanted.stream().anyMatch(component -> component.name().equals("node"))) {
      Images.write(
          wiring.images(),
          Map.of(
              Components.BRAIN_IMAGE, command(config, Components.BRAIN, List.of()),
              Components.HANDS_IMAGE, command(config, Components.HANDS, List.of())));
    }
    // All at once, then wait for each: their start is mostly their own work.
    for (Component component : wanted) {
      components.put(component.name(), start(component));
    }
    for (Component component : wanted) {
      component(component.name()).awaitReady(check(component.readiness()), START);
      config.progress().step(component.name() + " ready");
      if (component.name().equals("model")) {
        modelProvider(setup);
      }
    }
  }

  private Supervised start(Component component) throws IOException {
    return Supervised.start(
        new ProcessSpec(
            component.name(),
            command(config, component.program(), component.arguments()),
            config.adjustment().of(component.name(), component.environment()),
            directory.run(),
            component.grace()),
        RestartPolicy.QUICK,
        config.progress());
  }

  private static List<String> command(
      LauncherConfig config, JavaProgram program, List<String> arguments) throws IOException {
    return config.adjustment().command(program, config.root(), arguments);
  }

  private void modelProvider(Setup setup) throws IOException {
    List<String> models =
        Manifests.in(wiring.scripts()).stream()
            .map(file -> file.getFileName().toString().replaceFirst("\\.ya?ml$", ""))
            .toList();
    if (setup.modelProvider(wiring.modelUrl(), models)) {
      config
          .progress()
          .step("ModelProvider %s leads to %s".formatted(Setup.MODEL_PROVIDER, wiring.modelUrl()));
    }
  }

  private Check check(Readiness readiness) throws IOException {
    return switch (readiness) {
      case Readiness.Answers(URI uri) -> new HttpCheck(uri, controlPlane.caFile());
      case Readiness.Listens(int port) -> () -> Ports.answers(port);
      case Readiness.NodeReady(String name) ->
          () -> isReady(controlPlane.client().nodes().withName(name).get());
      case Readiness.Runs() -> () -> true;
    };
  }

  private static boolean isReady(Node node) {
    return node.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  /** Closes one after the other; a failure is told after the last, so that none is left out. */
  private static void closeAll(List<? extends AutoCloseable> parts) {
    // An interrupt was the wish to come here: it must not cut short the clean-up.
    boolean interrupted = Thread.interrupted();
    IllegalStateException failed = new IllegalStateException("the dev cluster did not end cleanly");
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        failed.addSuppressed(e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failed.getSuppressed().length > 0) {
      throw failed;
    }
  }
}
