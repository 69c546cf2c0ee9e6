package dev.rouse.e2e.bed;

import dev.rouse.devcluster.model.ModelServer;
import dev.rouse.devcluster.model.stage.IdSource;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.ModelBooks;
import dev.rouse.e2e.proxy.HoldingProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;

/** The scripted model, in this process, and before it a door that tests can hold shut. */
public final class BedModel implements AutoCloseable {

  private final ModelServer server;
  private final HoldingProxy door;

  private BedModel(ModelServer server, HoldingProxy door) {
    this.server = server;
    this.door = door;
  }

  static BedModel start(Path directory) throws IOException {
    String address = Machine.ALL.getFirst().address();
    ModelServer server =
        ModelServer.start(
            new ModelServer.Settings(
                Cluster.scripts(directory), new InetSocketAddress(address, 0), null, null),
            Clock.systemUTC(),
            IdSource.random());
    return new BedModel(server, HoldingProxy.at(address, server.url()));
  }

  /** Where pods reach it. */
  public URI url() {
    return door.uri();
  }

  public HoldingProxy door() {
    return door;
  }

  /** What it knows of its calls. */
  public ModelBooks books() {
    return new ModelBooks(server.url());
  }

  @Override
  public void close() throws IOException {
    try (server;
        door) {
      // The door first: it closes what it holds.
    }
  }
}
