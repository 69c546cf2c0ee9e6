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

  @Override
  String namespace() {
    return "versions";
  }
}
