package dev.rouse.api.version;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

@EnableKubernetesMockClient(crud = true)
class AgentVersionsTest extends AgentVersionsContract {

  /** The mock server answers fifty callers one after the other, on a machine that may be busy. */
  private static final int PATIENCE_MILLIS = 120_000;

  KubernetesClient client;
  private KubernetesClient patient;

  @BeforeEach
  void connect() {
    patient =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(client.getConfiguration())
                    .withRequestTimeout(PATIENCE_MILLIS)
                    .withConnectionTimeout(PATIENCE_MILLIS)
                    .build())
            .build();
  }

  @AfterEach
  void disconnect() {
    patient.close();
  }

  @Override
  KubernetesClient client() {
    return patient;
  }

  /** Few: the mock server holds one lock, and times out where a real one does not. */
  @Override
  int writers() {
    return 10;
  }

  @Override
  String namespace() {
    return "versions";
  }
}
