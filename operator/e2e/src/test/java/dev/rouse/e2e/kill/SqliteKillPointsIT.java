package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Store;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;

/** Over SQLite: what kills the server, and of the rest a few by lot, or all. */
@Order(20)
class SqliteKillPointsIT extends KillPoints {

  SqliteKillPointsIT() throws IOException, InterruptedException {
    super(Cluster.start(Store.Sqlite.anew(), "cluster-sqlite"));
  }

  @AfterAll
  void stop() throws IOException {
    cluster().close();
  }
}
