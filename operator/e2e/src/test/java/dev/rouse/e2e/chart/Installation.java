package dev.rouse.e2e.chart;

import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.devcluster.controlplane.ControlPlane;
import dev.rouse.devcluster.controlplane.ControlPlaneConfig;
import dev.rouse.devcluster.controlplane.HttpCheck;
import dev.rouse.devcluster.controlplane.Ports;
import dev.rouse.devcluster.file.Trees;
import dev.rouse.devcluster.launch.JavaProgram;
import dev.rouse.devcluster.process.Child;
import dev.rouse.devcluster.process.ProcessSpec;
import dev.rouse.devcluster.process.Run;
import dev.rouse.devcluster.tools.Tools;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Kubectl;
import dev.rouse.e2e.cluster.WorkSession;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A control plane without nodes into which a chart is installed. The pods of the release stay
 * pending; the programs that they would run are started beside it, as their accounts.
 */
final class Installation implements AutoCloseable {

  static final String NAMESPACE = "rouse-system";

  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Run run;
  private final Tools tools;
  private final ControlPlane plane;
  private final List<Child> programs = new ArrayList<>();

  private Installation(Run run, Tools tools, ControlPlane plane) {
    this.run = run;
    this.tools = tools;
    this.plane = plane;
  }

  static Installation start() throws IOException, InterruptedException {
    Path directory = Cluster.target().resolve("chart");
    Trees.delete(directory);
    Run run = Run.create(directory);
    Tools tools = Tools.locate(System.getenv());
    return new Installation(run, tools, ControlPlane.start(ControlPlaneConfig.of(run, tools)));
  }

  KubernetesClient client() {
    return plane.client();
  }

  Kubectl kubectl() {
    return new Kubectl(tools.kubectl(), plane.adminKubeconfig());
  }

  Helm helm() {
    return Helm.in(plane.adminKubeconfig());
  }

  /** A copy of the chart that may be changed. */
  Path copyOfTheChart() throws IOException {
    Path chart = Helm.ROOT.resolve("helm").resolve("rouse");
    Path copy = run.directory().resolve("older").resolve("rouse");
    for (Path file : Files.walk(chart).filter(Files::isRegularFile).toList()) {
      Path target = copy.resolve(chart.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
    return copy;
  }

  /**
   * Starts the server and the operator as their accounts, with the settings that the chart renders
   * but for addresses and paths, and waits until both are ready.
   *
   * @return where the server is
   */
  URI startPrograms(Rendered rendered) throws IOException, InterruptedException {
    List<Integer> ports = Ports.free(4);
    URI url = URI.create("https://localhost:" + ports.get(0));
    Map<String, String> settings = new HashMap<>(rendered.settings("server"));
    settings.put("KUBECONFIG", plane.kubeconfigFor(NAMESPACE, "rouse-server").toString());
    settings.put("ROUSE_LISTEN", "127.0.0.1:" + ports.get(0));
    settings.put("ROUSE_METRICS_LISTEN", "127.0.0.1:" + ports.get(1));
    settings.replace("ROUSE_STORE_PATH", run.directory().resolve("store").toString());
    Child server = start("server", List.of(), settings);
    await("the server publishes its CA").atMost(WorkSession.PATIENCE).until(this::hasCa);
    Files.writeString(caFile(), ca().getData().get(Rouse.CA_KEY));
    server.awaitReady(new HttpCheck(url.resolve("/readyz"), caFile()), WorkSession.PATIENCE);
    startOperator(rendered, url, ports.get(2), ports.get(3));
    return url;
  }

  private void startOperator(Rendered rendered, URI server, int health, int metrics)
      throws IOException, InterruptedException {
    Map<String, String> settings = new HashMap<>(rendered.settings("operator"));
    settings.put("KUBECONFIG", plane.kubeconfigFor(NAMESPACE, "rouse-operator").toString());
    settings.put("ROUSE_SERVER_URL", server.toString());
    settings.put("ROUSE_CA_FILE", caFile().toString());
    settings.put("ROUSE_HEALTH_LISTEN", "127.0.0.1:" + health);
    settings.put("ROUSE_METRICS_LISTEN", "127.0.0.1:" + metrics);
    URI ready = URI.create("http://127.0.0.1:%d/readyz".formatted(health));
    start("controller", List.of(), settings)
        .awaitReady(new HttpCheck(ready, caFile()), WorkSession.PATIENCE);
  }

  /** Runs the server's program with an argument to its end; gives its exit code. */
  int runOnce(String argument, String account, Map<String, String> settings) throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.put("KUBECONFIG", plane.kubeconfigFor(NAMESPACE, account).toString());
    Child once = start("server", List.of(argument), all);
    return once.exit().join().code();
  }

  /** Ends the programs. */
  void stopPrograms() {
    Collections.reverse(programs);
    programs.forEach(Child::close);
    programs.clear();
  }

  private Child start(String module, List<String> arguments, Map<String, String> settings)
      throws IOException {
    String main = "dev.rouse.%s.Main".formatted(module);
    Child child =
        Child.start(
            new ProcessSpec(
                module,
                new JavaProgram(module, main, 256).command(Helm.ROOT, arguments),
                settings,
                run,
                GRACE));
    programs.add(child);
    return child;
  }

  Path caFile() {
    return run.directory().resolve("ca.crt");
  }

  /** A token by which an account of the release is known to the server. */
  Path tokenFile(String account) throws IOException {
    return Files.writeString(
        run.directory().resolve("token"),
        plane.tokenFor(NAMESPACE, account, Rouse.AUDIENCE, Duration.ofMinutes(10)));
  }

  private boolean hasCa() {
    return ca() != null;
  }

  private ConfigMap ca() {
    return client().configMaps().inNamespace(NAMESPACE).withName(Rouse.CA_CONFIG_MAP).get();
  }

  @Override
  public void close() {
    stopPrograms();
    plane.close();
  }
}
