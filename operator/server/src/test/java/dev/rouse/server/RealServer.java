package dev.rouse.server;

import static org.awaitility.Awaitility.await;

import dev.rouse.log.LogStore;
import dev.rouse.log.configmap.ConfigMapLogStore;
import dev.rouse.log.configmap.ConfigMapSettings;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** A server on a real API server, with a client and a store of its own, as another pod has them. */
record RealServer(KubernetesClient client, LogStore store, Server server) implements AutoCloseable {

  /** What shortens the waits of a test. */
  static final Map<String, String> BRISK =
      Map.of("ROUSE_RECHECK", "PT1S", "ROUSE_STATUS_EVERY", "PT1S");

  /** With logs in ConfigMaps. */
  static RealServer start(RealCluster cluster, Map<String, String> settings) {
    return start(
        cluster,
        client -> new ConfigMapLogStore(client, ConfigMapSettings.DEFAULTS, Ids.random()),
        settings);
  }

  static RealServer start(
      RealCluster cluster,
      Function<KubernetesClient, LogStore> stores,
      Map<String, String> settings) {
    KubernetesClient client = cluster.serverClient();
    LogStore store = stores.apply(client);
    Map<String, String> all = new HashMap<>(settings);
    all.put("ROUSE_LISTEN", "127.0.0.1:0");
    all.put("ROUSE_TLS", "off");
    try {
      Server server = Server.start(client, store, ServerConfig.of(all), Clock.systemUTC());
      await("the server is ready").until(server::isReady);
      return new RealServer(client, store, server);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return server.port();
  }

  TestClient client(String token) {
    return new TestClient(port(), token);
  }

  @Override
  public void close() {
    server.close();
    store.close();
    client.close();
  }
}
