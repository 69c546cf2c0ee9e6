package dev.rouse.log.bench;

import dev.rouse.log.LogStore;
import dev.rouse.log.configmap.ApiServer;
import dev.rouse.log.configmap.ConfigMapLogStore;
import dev.rouse.log.configmap.ConfigMapSettings;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;

/** ConfigMaps, beside an update of one ConfigMap that carries the event and nothing else. */
final class ConfigMapBackend implements Backend {

  private static final String NAMESPACE = "default";

  private final ApiServer server = new ApiServer();
  private final LogStore store;

  ConfigMapBackend() {
    server.start();
    store = new ConfigMapLogStore(server.client(), ConfigMapSettings.DEFAULTS, Ids.random());
  }

  @Override
  public LogStore store() {
    return store;
  }

  @Override
  public Bare bare(String name) {
    return new Bare() {
      private ConfigMap last =
          server
              .client()
              .resource(
                  new ConfigMapBuilder()
                      .withNewMetadata()
                      .withNamespace(NAMESPACE)
                      .withName("bare-" + name)
                      .endMetadata()
                      .build())
              .create();

      @Override
      public void write(String text) {
        last =
            server
                .client()
                .resource(new ConfigMapBuilder(last).withData(Map.of("event", text)).build())
                .update();
      }
    };
  }

  @Override
  public long bytesWritten() {
    return Disk.writtenBy("etcd");
  }

  @Override
  public void close() {
    store.close();
    server.stop();
  }
}
