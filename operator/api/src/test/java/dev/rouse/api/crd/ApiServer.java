package dev.rouse.api.crd;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real kube-apiserver with etcd for one test class. */
public final class ApiServer implements AutoCloseable {

  private static final String VERSION = "1.35.4";

  private final KubeAPIServer server;
  private final KubernetesClient client;

  private ApiServer(KubeAPIServer server) {
    this.server = server;
    Config config = Config.fromKubeconfig(server.getKubeConfigYaml());
    config.setRequestRetryBackoffLimit(0);
    this.client = new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Starts one from the programs that {@code make tools} keeps. */
  public static ApiServer start() {
    Path tools = Path.of(System.getenv("ROUSE_TOOLS_DIR"), "kubeapitest");
    if (!Files.isDirectory(tools)) {
      throw new IllegalStateException("no Kubernetes programs in " + tools + ": run make tools");
    }
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(tools.toString())
                .withApiServerVersion(VERSION)
                .withUpdateKubeConfig(false)
                .build());
    server.start();
    return new ApiServer(server);
  }

  public KubernetesClient client() {
    return client;
  }

  /** An administrator's kubeconfig. */
  public byte[] kubeconfig() {
    return server.getKubeConfigYaml().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
    server.stop();
  }
}
