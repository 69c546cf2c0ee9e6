package dev.rouse.server.tls;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;

/**
 * ConfigMap {@value Rouse#CA_CONFIG_MAP}: by what brains and people trust the server.
 *
 * @param namespace the release's
 */
record PublishedCa(KubernetesClient client, String namespace) {

  /**
   * Sees to it that this is what stands there. Without a CA the certificate is one that clients
   * trust by other means.
   *
   * @param ca PEM; may be empty
   * @throws KubernetesClientException when it cannot be written
   */
  void publish(String ca) {
    if (ca.isBlank()) {
      return;
    }
    var configMaps = client.configMaps().inNamespace(namespace);
    ConfigMap found = configMaps.withName(Rouse.CA_CONFIG_MAP).get();
    ConfigMap wanted =
        (found == null ? new ConfigMapBuilder() : new ConfigMapBuilder(found))
            .editOrNewMetadata()
            .withName(Rouse.CA_CONFIG_MAP)
            .withNamespace(namespace)
            .addToLabels("app.kubernetes.io/managed-by", "rouse")
            .endMetadata()
            .withData(Map.of(Rouse.CA_KEY, ca))
            .build();
    try {
      if (found == null) {
        configMaps.resource(wanted).create();
      } else if (!wanted.getData().equals(found.getData())) {
        configMaps.resource(wanted).update();
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // Another server publishes the same right now.
    }
  }
}
