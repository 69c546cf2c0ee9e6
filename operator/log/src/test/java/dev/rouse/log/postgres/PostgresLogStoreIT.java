package dev.rouse.log.postgres;

import dev.rouse.log.Given;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogStoreContract;
import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.log.postgres.server.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Two servers over one real database. */
class PostgresLogStoreIT extends LogStoreContract {

  private static PostgresServer server;
  private static TestDatabase database;
  private static PostgresLogStore store;
  private static PostgresLogStore other;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
    database = server.database();
    store = PostgresLogStore.open(settings());
    other = PostgresLogStore.open(settings());
  }

  @AfterAll
  static void stop() {
    store.close();
    other.close();
    server.close();
  }

  private static PostgresSettings settings() {
    return PostgresSettings.of(database.url(), database.user(), database.passwordFile());
  }

  @Override
  protected LogStore store() {
    return store;
  }

  @Override
  protected LogStore otherStore() {
    return other;
  }

  @Override
  protected LogKey newKey() {
    return Given.key("default");
  }

  @Override
  protected void damage(LogKey key) {
    database.execute(
        "UPDATE rouse.commits SET body = 'x' WHERE first = 2 AND uid = '" + key.sessionUid() + "'");
  }
}
