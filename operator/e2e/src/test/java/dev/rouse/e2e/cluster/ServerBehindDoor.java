package dev.rouse.e2e.cluster;

import dev.rouse.e2e.proxy.HoldingProxy;
import java.io.IOException;

/**
 * A server whose way to the Kubernetes API tests can disturb.
 *
 * @param door between the two
 */
public record ServerBehindDoor(ExtraServer server, HoldingProxy door) implements AutoCloseable {

  @Override
  public void close() throws IOException {
    try (server;
        door) {
      // The server first, whatever fails.
    }
  }
}
