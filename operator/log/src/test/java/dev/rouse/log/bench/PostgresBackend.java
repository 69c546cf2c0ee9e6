package dev.rouse.log.bench;

import dev.rouse.log.LogStore;
import dev.rouse.log.postgres.PostgresLogStore;
import dev.rouse.log.postgres.PostgresSettings;
import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.log.postgres.server.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** PostgreSQL, beside an insert of the text into another table of the same server. */
final class PostgresBackend implements Backend {

  private final PostgresServer server = PostgresServer.startOwn();
  private final TestDatabase database = server.database();
  private final LogStore store =
      PostgresLogStore.open(
          PostgresSettings.of(database.url(), database.user(), database.passwordFile()));
  private final List<Connection> connections = new CopyOnWriteArrayList<>();

  PostgresBackend() {
    database.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, body text NOT NULL)");
  }

  @Override
  public LogStore store() {
    return store;
  }

  @Override
  public Bare bare(String name) throws SQLException {
    Connection connection = database.admin();
    connections.add(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = on");
    }
    PreparedStatement insert = connection.prepareStatement("INSERT INTO bare (body) VALUES (?)");
    return text -> {
      insert.setString(1, text);
      insert.executeUpdate();
    };
  }

  @Override
  public long bytesWritten() {
    return Disk.writtenBy("postgres");
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
    store.close();
    server.close();
  }
}
