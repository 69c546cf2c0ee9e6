package dev.rouse.e2e.bed;

import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Rouse in a bed's cluster: the release that helm makes of this checkout's chart. */
public final class Release {

  public static final String NAMESPACE = "rouse-system";
  private static final String NAME = "rouse";
  private static final String SERVER = "rouse-server";
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Bed bed;

  private Release(Bed bed) {
    this.bed = bed;
  }

  /** The one that is there, or one with the chart's defaults. */
  public static Release in(Bed bed) throws IOException, InterruptedException {
    Release release = new Release(bed);
    if (release.helm("status", NAME, "-n", NAMESPACE).tryRun().isSuccess()) {
      release.findServer();
      return release;
    }
    return install(bed);
  }

  /** What a person types who reads the first page. */
  public static Release install(Bed bed) throws IOException, InterruptedException {
    Release release = new Release(bed);
    release
        .helm(
            "install",
            NAME,
            release.chart(),
            "-n",
            NAMESPACE,
            "--create-namespace",
            "--wait",
            "--timeout=4m")
        .run();
    release.findServer();
    return release;
  }

  /** Changes settings, {@code name=value}; returns when everything runs with them. */
  public void upgrade(String... settings) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of("upgrade", NAME, chart(), "-n", NAMESPACE, "--wait", "--timeout=4m"));
    for (String setting : settings) {
      arguments.add("--set");
      arguments.add(setting);
    }
    helm(arguments.toArray(String[]::new)).run();
  }

  public void uninstall() throws IOException, InterruptedException {
    helm("uninstall", NAME, "-n", NAMESPACE, "--wait", "--timeout=4m").run();
  }

  public Bed bed() {
    return bed;
  }

  /** Where the public API is, by the name that its certificate is for. */
  public URI server() {
    return URI.create("https://%s.%s.svc".formatted(SERVER, NAMESPACE));
  }

  /** What it is trusted by, as a file. */
  public Path caFile() throws IOException {
    ConfigMap map =
        await("the server has published its CA")
            .atMost(LONGEST)
            .until(
                () ->
                    client()
                        .configMaps()
                        .inNamespace(NAMESPACE)
                        .withName(Rouse.CA_CONFIG_MAP)
                        .get(),
                Objects::nonNull);
    Path file = bed.logs().resolveSibling("rouse-ca.crt");
    // Whole at any moment: cases beside each other write and read it.
    Path written = Files.createTempFile(file.getParent(), "rouse-ca", ".new");
    Files.writeString(written, map.getData().get(Rouse.CA_KEY));
    return Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** This process has no DNS of the cluster: a file tells it the one name that it needs. */
  private void findServer() throws IOException {
    Service service = client().services().inNamespace(NAMESPACE).withName(SERVER).require();
    Path hosts = Path.of(System.getProperty("jdk.net.hosts.file", ""));
    Files.writeString(
        hosts,
        "127.0.0.1 localhost\n%s %s\n"
            .formatted(service.getSpec().getClusterIP(), server().getHost()));
  }

  private KubernetesClient client() {
    return bed.client();
  }

  private String chart() {
    return bed.root().resolve(Path.of("helm", "rouse")).toString();
  }

  private Command helm(String... arguments) {
    List<String> words = new ArrayList<>(List.of(bed.helm().toString()));
    words.addAll(List.of(arguments));
    return Command.of(words)
        .with(
            Map.of(
                "KUBECONFIG",
                bed.controlPlane().adminKubeconfig().toString(),
                // Neither settings nor plugins of whoever runs this.
                "HOME",
                bed.logs().getParent().toString()))
        .within(LONGEST);
  }
}
