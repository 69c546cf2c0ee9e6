package dev.rouse.e2e.cluster;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.rouse.devcluster.file.Trees;
import dev.rouse.log.Commit;
import dev.rouse.log.LogKey;
import dev.rouse.log.configmap.ConfigMapLogStore;
import dev.rouse.log.configmap.ConfigMapSettings;
import dev.rouse.log.postgres.server.TestDatabase;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;

/** Where a cluster's server keeps the logs, and how a test reads them there, past the server. */
public sealed interface Store {

  /** As {@code ROUSE_STORE} calls it. */
  String name();

  /** What the server is told. */
  Map<String, String> settings();

  /** A whole log. */
  List<LogRecord> read(KubernetesClient client, LogKey key);

  /** Beside their sessions. */
  record ConfigMaps() implements Store {

    @Override
    public String name() {
      return "configmap";
    }

    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public List<LogRecord> read(KubernetesClient client, LogKey key) {
      try (ConfigMapLogStore store =
              new ConfigMapLogStore(client, ConfigMapSettings.DEFAULTS, Ids.random());
          Stream<Commit> commits = store.read(key, 0, Integer.MAX_VALUE)) {
        return commits.flatMap(commit -> commit.records().stream()).toList();
      }
    }
  }

  /** In a database file of the server's. */
  record Sqlite(Path directory) implements Store {

    /** An empty one among the files of the tests. */
    public static Sqlite anew() throws IOException {
      Path directory = Cluster.target().resolve("store-sqlite");
      Trees.delete(directory);
      return new Sqlite(directory);
    }

    @Override
    public String name() {
      return "sqlite";
    }

    @Override
    public Map<String, String> settings() {
      return Map.of("ROUSE_STORE", name(), "ROUSE_STORE_PATH", directory.toString());
    }

    @Override
    public List<LogRecord> read(KubernetesClient client, LogKey key) {
      SQLiteConfig config = new SQLiteConfig();
      config.setReadOnly(true);
      config.setBusyTimeout(10_000);
      try (Connection connection =
          config.createConnection("jdbc:sqlite:" + directory.resolve("rouse.db"))) {
        return SqlLog.read(connection, "commits", key);
      } catch (SQLException e) {
        throw new AssertionError("the log of " + key.describe() + " cannot be read", e);
      }
    }
  }

  /** In a database of its own. */
  record Postgres(TestDatabase database) implements Store {

    @Override
    public String name() {
      return "postgres";
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          "ROUSE_STORE", name(),
          "ROUSE_STORE_URL", database.url(),
          "ROUSE_STORE_USER", database.user(),
          "ROUSE_STORE_PASSWORD_FILE", database.passwordFile().toString());
    }

    @Override
    public List<LogRecord> read(KubernetesClient client, LogKey key) {
      try (Connection connection = database.admin()) {
        return SqlLog.read(connection, "rouse.commits", key);
      } catch (SQLException e) {
        throw new AssertionError("the log of " + key.describe() + " cannot be read", e);
      }
    }
  }

  /** What stands in a table of commits. */
  final class SqlLog {

    private static final ObjectReader COMMITS = EventCodec.JSON.readerFor(Commit.class);

    private SqlLog() {}

    static List<LogRecord> read(Connection connection, String table, LogKey key)
        throws SQLException {
      try (PreparedStatement query =
          connection.prepareStatement(
              "SELECT body FROM " + table + " WHERE uid = ? ORDER BY last")) {
        query.setString(1, key.sessionUid());
        List<LogRecord> records = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            records.addAll(COMMITS.<Commit>readValue(rows.getString(1)).records());
          }
        }
        return records;
      } catch (IOException e) {
        throw new AssertionError("a commit of " + key.describe() + " is no JSON", e);
      }
    }
  }
}
