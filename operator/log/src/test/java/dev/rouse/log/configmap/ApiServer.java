package dev.rouse.log.configmap;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.Optional;

/** A real API server with etcd; starts in a few seconds, has no controllers. */
public final class ApiServer {

  private final KubeAPIServer server =
      new KubeAPIServer(
          KubeAPIServerConfigBuilder.anAPIServerConfig()
              .withTestDir(directory())
              .withUpdateKubeConfig(false)
              .build());
  private KubernetesClient client;

  private static String directory() {
    return Optional.ofNullable(System.getenv("ROUSE_TOOLS_DIR"))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "rouse", "tools"))
        .resolve("kubeapitest")
        .toString();
  }

  public void start() {
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
            .build();
  }

  public KubernetesClient client() {
    return client;
  }

  public void stop() {
    client.close();
    server.stop();
  }
}
