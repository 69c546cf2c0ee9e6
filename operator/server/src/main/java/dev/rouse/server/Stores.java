package dev.rouse.server;

import dev.rouse.log.LogStore;
import dev.rouse.log.configmap.ConfigMapLogStore;
import dev.rouse.log.configmap.ConfigMapSettings;
import dev.rouse.log.postgres.PostgresLogStore;
import dev.rouse.log.postgres.PostgresSettings;
import dev.rouse.log.sqlite.SqliteLogStore;
import dev.rouse.log.sqlite.SqliteSettings;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/** Opens the store that the settings name: the one place that knows all of them. */
final class Stores {

  private Stores() {}

  static LogStore open(ServerConfig config, KubernetesClient client) {
    return switch (config.store()) {
      case Store.ConfigMaps() ->
          new ConfigMapLogStore(
              client, ConfigMapSettings.DEFAULTS.watching(config.watchNamespaces()), Ids.random());
      case Store.Sqlite(Path directory) ->
          SqliteLogStore.open(SqliteSettings.in(directory), Runtime.getRuntime()::halt);
      case Store.Postgres(String url, String user, Path passwordFile, int connections) ->
          PostgresLogStore.open(
              PostgresSettings.of(url, user, passwordFile).withConnections(connections));
    };
  }
}
