package dev.rouse.e2e.cluster;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.rouse.api.Rouse;
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

  /** How many objects or rows there are of a log, whether or not they are still part of it. */
  long traces(KubernetesClient client, LogKey key);

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

    @Override
    public long traces(KubernetesClient client, LogKey key) {
      return client
          .configMaps()
          .inNamespace(key.namespace())
          .withLabel(Rouse.LOG_LABEL, key.sessionUid())
          .list()
          .getItems()
          .size();
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
      return SqlLog.read(this::connect, "", key);
    }

    @Override
    public long traces(KubernetesClient client, LogKey key) {
      return SqlLog.rows(this::connect, "", key);
    }

    private Connection connect() throws SQLException {
      SQLiteConfig config = new SQLiteConfig();
      config.setReadOnly(true);
      config.setBusyTimeout(10_000);
      return config.createConnection("jdbc:sqlite:" + directory.resolve("rouse.db"));
    }
  }

  /** In a database of its own. */
  record Postgres(TestDatabase database) implements Store {

    private static final String SCHEMA = "rouse.";

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
      return SqlLog.read(database::admin, SCHEMA, key);
    }

    @Override
    public long traces(KubernetesClient client, LogKey key) {
      return SqlLog.rows(database::admin, SCHEMA, key);
    }
  }

  /** What stands in the tables of a database. */
  final class SqlLog {

    private static final ObjectReader COMMITS = EventCodec.JSON.readerFor(Commit.class);

    private SqlLog() {}

    @FunctionalInterface
    interface Database {
      Connection connect() throws SQLException;
    }

    @FunctionalInterface
    private interface Reading<T> {
      T of(ResultSet rows) throws SQLException, IOException;
    }

    static List<LogRecord> read(Database database, String schema, LogKey key) {
      return query(
          database,
          "SELECT body FROM %scommits WHERE uid = ? ORDER BY last".formatted(schema),
          key,
          rows -> {
            List<LogRecord> records = new ArrayList<>();
            while (rows.next()) {
              records.addAll(COMMITS.<Commit>readValue(rows.getString(1)).records());
            }
            return records;
          });
    }

    static long rows(Database database, String schema, LogKey key) {
      return query(database, count(schema, "commits"), key, SqlLog::number)
          + query(database, count(schema, "logs"), key, SqlLog::number);
    }

    private static String count(String schema, String table) {
      return "SELECT count(*) FROM %s%s WHERE uid = ?".formatted(schema, table);
    }

    private static long number(ResultSet rows) throws SQLException {
      rows.next();
      return rows.getLong(1);
    }

    private static <T> T query(Database database, String sql, LogKey key, Reading<T> reading) {
      try (Connection connection = database.connect();
          PreparedStatement query = connection.prepareStatement(sql)) {
        query.setString(1, key.sessionUid());
        try (ResultSet rows = query.executeQuery()) {
          return reading.of(rows);
        }
      } catch (SQLException | IOException e) {
        throw new AssertionError("the log of " + key.describe() + " cannot be read", e);
      }
    }
  }
}
