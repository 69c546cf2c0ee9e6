package dev.rouse.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.controlplane.HttpCheck;
import dev.rouse.devcluster.controlplane.Ports;
import dev.rouse.devcluster.process.ProcessSpec;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.process.RestartPolicy;
import dev.rouse.devcluster.process.Signal;
import dev.rouse.devcluster.process.Supervised;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A server process over the store that all share; it is started again when it is killed. */
public final class ExtraServer implements AutoCloseable {

  private final Cluster cluster;
  private final Supervised process;
  private final URI url;

  private ExtraServer(Cluster cluster, Supervised process, URI url) {
    this.cluster = cluster;
    this.process = process;
    this.url = url;
  }

  static ExtraServer start(Cluster cluster) throws IOException {
    return start(cluster, "server-2", Map.of());
  }

  /**
   * The same under another name.
   *
   * @param more settings that are its own
   */
  static ExtraServer start(Cluster cluster, String name, Map<String, String> more)
      throws IOException {
    ProcessSpec first = cluster.launcher().component("server").current().spec();
    int port = Ports.free(1).getFirst();
    Map<String, String> settings = new HashMap<>(first.environment());
    settings.put("ROUSE_LISTEN", "127.0.0.1:" + port);
    settings.put("KUBECONFIG", cluster.serverKubeconfig().toString());
    settings.putAll(more);
    Supervised process =
        Supervised.start(
            new ProcessSpec(name, first.command(), settings, first.run(), first.grace()),
            RestartPolicy.QUICK,
            Progress.SILENT);
    return new ExtraServer(cluster, process, URI.create("https://127.0.0.1:" + port));
  }

  public URI url() {
    return url;
  }

  /** {@code kill -9}; returns when it is dead. */
  public void kill() throws InterruptedException {
    process.current().kill();
  }

  /** Makes it stand still, as on a machine that hangs. */
  public void freeze() {
    process.current().signal(Signal.STOP);
  }

  /** Lets it go on where it stood. */
  public void thaw() {
    process.current().signal(Signal.CONT);
  }

  /** Waits until it takes calls. */
  public void awaitReady() throws IOException {
    awaitReady(cluster, url);
  }

  static void awaitReady(Cluster cluster, URI server) throws IOException {
    HttpCheck ready = new HttpCheck(server.resolve("/readyz"), cluster.launcher().caFile());
    await("the server at " + server + " is ready")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(ready::holdsNow);
  }

  @Override
  public void close() {
    process.close();
  }
}
