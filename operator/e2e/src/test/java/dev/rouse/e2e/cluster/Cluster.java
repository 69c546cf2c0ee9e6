package dev.rouse.e2e.cluster;

import dev.rouse.devcluster.launch.AotCommand;
import dev.rouse.devcluster.launch.Launcher;
import dev.rouse.devcluster.launch.LauncherConfig;
import dev.rouse.devcluster.process.Child;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.tools.Tools;
import dev.rouse.e2e.proxy.HoldingProxy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/**
 * A whole dev cluster: every program as its own process, and doors between them that tests can hold
 * shut.
 */
public final class Cluster implements AutoCloseable {

  private static final Path ROOT =
      Path.of(System.getProperty("rouse.root", "../..")).toAbsolutePath().normalize();

  private final Tools tools;
  private final Store store;
  private final Launcher launcher;
  private final Doors doors;
  private final HoldingProxy model;

  private Cluster(Tools tools, Store store, Launcher launcher, Doors doors, HoldingProxy model) {
    this.tools = tools;
    this.store = store;
    this.launcher = launcher;
    this.doors = doors;
    this.model = model;
  }

  static Cluster start() throws IOException, InterruptedException {
    return start(new Store.ConfigMaps(), "cluster");
  }

  /**
   * Starts one.
   *
   * @param directory where its files are; they stay until the next start, as logs of a failed run
   *     are worth more than the disk
   */
  public static Cluster start(Store store, String directory)
      throws IOException, InterruptedException {
    Tools tools = Tools.locate(System.getenv());
    // Hundreds of programs start here: from caches, as in an installation.
    AotCommand.refresh(ROOT, tools);
    Doors doors = new Doors(store);
    LauncherConfig config =
        new LauncherConfig(
                ROOT,
                target().resolve(directory),
                tools,
                Set.of(),
                true,
                true,
                firstLines(Progress.timed(System.out, InstantSource.system())))
            .playing(scripts(target().resolve("scripts")))
            .adjusted(doors);
    Launcher launcher = Launcher.start(config);
    return new Cluster(
        tools, store, launcher, doors, new HoldingProxy(launcher.modelUrl(), null, null));
  }

  /** Where this module's tests leave their files. */
  public static Path target() {
    return ROOT.resolve("operator").resolve("e2e").resolve("target");
  }

  /** Kills are what these tests are made of: the last words of the killed would drown the rest. */
  private static Progress firstLines(Progress progress) {
    return text -> progress.step(text.lines().findFirst().orElse(""));
  }

  /** The examples' scripts and those of the tests, in one directory. */
  public static Path scripts(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path own = ROOT.resolve(Path.of("operator", "e2e", "src", "test", "resources", "scripts"));
    for (Path source : Set.of(ROOT.resolve("examples").resolve("scripts"), own)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(source, "*.yaml")) {
        for (Path file : files) {
          Files.copy(
              file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return directory;
  }

  /** The checkout. */
  public Path root() {
    return ROOT;
  }

  public Launcher launcher() {
    return launcher;
  }

  /** Has all rights, and goes to the Kubernetes API directly. */
  public KubernetesClient client() {
    return launcher.controlPlane().client();
  }

  /**
   * A client of a ServiceAccount, with its rights and no others. The caller closes it.
   *
   * <p>As the server's account it may write logs by hand: admission lets nobody else do so, not
   * even who has all rights.
   */
  public KubernetesClient as(String namespace, String account) {
    Config config = Config.fromKubeconfig(launcher.controlPlane().adminKubeconfig().toFile());
    config.setImpersonateUsername("system:serviceaccount:%s:%s".formatted(namespace, account));
    config.setImpersonateGroups(
        "system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated");
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  public Kubectl kubectl() {
    return new Kubectl(tools.kubectl(), launcher.controlPlane().adminKubeconfig());
  }

  /** As whom the server talks to the Kubernetes API, for another server of this cluster. */
  public Path serverKubeconfig() {
    return doors.serverKubeconfig();
  }

  /** What the scripted model knows of its calls. */
  public ModelBooks modelBooks() {
    return new ModelBooks(launcher.modelUrl());
  }

  /** Between brains and the server. */
  public HoldingProxy serverDoor() {
    return doors.server();
  }

  /** Between brains and the model. */
  public HoldingProxy modelDoor() {
    return model;
  }

  /** Between the server and the Kubernetes API. */
  public HoldingProxy objectsDoor() {
    return doors.fromServer();
  }

  /** Between the operator and the Kubernetes API. */
  public HoldingProxy operatorDoor() {
    return doors.fromOperator();
  }

  /** Where the server keeps the logs. */
  public Store store() {
    return store;
  }

  /** Kills a component as a crash would. The launcher starts it again. */
  public void kill(String component) throws InterruptedException {
    Child running = launcher.component(component).current();
    running.kill();
  }

  /** A namespace with provider, environment, agent and an account that may read. */
  public Namespace namespace(String name) {
    return namespace(name, "anthropic");
  }

  /** The same, with a provider of the protocol {@code type}. */
  public Namespace namespace(String name, String type) {
    apply(manifest("/namespace.yaml").formatted(name, modelDoor().uri(), type));
    return new Namespace(this, name);
  }

  /** The same, and what the trials of the public API need: accounts, and agents of their own. */
  public Namespace trials(String name) {
    Namespace namespace = namespace(name);
    apply(manifest("/trials.yaml").formatted(name, modelDoor().uri()));
    return namespace;
  }

  /** Creates or changes what a YAML text describes. */
  public void apply(String yaml) {
    try (InputStream in = new java.io.ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))) {
      client()
          .load(in)
          .items()
          .forEach(object ->
              client().resource(object).fieldManager("e2e").forceConflicts().serverSideApply());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String manifest(String resource) {
    try (InputStream in = Cluster.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no test resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One line a request to the Kubernetes API, written before the answer is sent. */
  public Path auditLog() {
    return launcher.logs().resolve("audit.log");
  }

  /** A server beside the one that is there, over the same store and with the same settings. */
  public ExtraServer extraServer() throws IOException {
    return ExtraServer.start(this);
  }

  /** The same with a door of its own to the Kubernetes API. */
  public ServerBehindDoor serverBehindDoor(String name) throws IOException {
    Doors.Way way = doors.serversWay(name);
    return new ServerBehindDoor(
        ExtraServer.start(this, name, Map.of("KUBECONFIG", way.kubeconfig().toString())),
        way.door());
  }

  /** Waits until the server takes calls; it is started again after a kill. */
  public void awaitServer() throws IOException {
    ExtraServer.awaitReady(this, serverUrl());
  }

  /** Where the server itself is; nobody holds what goes there. */
  public URI serverUrl() {
    return launcher.serverUrl();
  }

  @Override
  public void close() throws IOException {
    try (launcher;
        doors;
        model) {
      // In the opposite order of their start, whatever fails.
    }
  }
}
