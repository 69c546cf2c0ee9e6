package dev.rouse.api.version;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

@EnableKubernetesMockClient(crud = true)
class AgentVersionsTest extends AgentVersionsContract {

  KubernetesClient client;

  @Override
  KubernetesClient client() {
    return client;
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
