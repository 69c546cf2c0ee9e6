package dev.rouse.e2e.kill;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Store;
import dev.rouse.log.postgres.server.PostgresServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Over PostgreSQL: what kills the server, and of the rest a few by lot, or all. */
@Order(21)
class PostgresKillPointsIT extends KillPoints {

  private static final PostgresServer DATABASE = PostgresServer.start();

  PostgresKillPointsIT() throws IOException, InterruptedException {
    super(Cluster.start(new Store.Postgres(DATABASE.database()), "cluster-postgres"));
  }

  @Test
  @Order(3)
  void whatWasAcknowledgedIsThereOnceWhereverInItsAppendTheDatabaseIsKilled() throws Exception {
    assumeTrue(
        System.getenv("ROUSE_TEST_POSTGRES_URL") == null,
        "NOT TRIED: the database that ROUSE_TEST_POSTGRES_URL names is not ours to kill");
    killInAppends(
        "append-kills-database",
        "kill -9 of the database",
        new AppendKills.Victim() {
          @Override
          public void kill() {
            DATABASE.kill();
            DATABASE.launch();
          }

          @Override
          public void awaitBack() {
            // It is back when it has been launched.
          }
        });
  }

  @AfterAll
  void stop() throws IOException {
    try (DATABASE) {
      cluster().close();
    }
  }
}
