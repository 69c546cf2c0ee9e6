package dev.rouse.api.version;

import dev.rouse.api.crd.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same over a real API server, whose put-if-absent is the one that counts. */
class AgentVersionsIT extends AgentVersionsContract {

  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  KubernetesClient client() {
    return server.client();
  }

  @Override
  int writers() {
    return CALLERS;
  }

  @Override
  String namespace() {
    return "default";
  }
}
