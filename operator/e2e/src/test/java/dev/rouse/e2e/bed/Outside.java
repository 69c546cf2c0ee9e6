package dev.rouse.e2e.bed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Somebody who listens where the world outside of a cluster would be, and where clouds keep their
 * metadata: what does not answer there was kept from it.
 */
public final class Outside implements AutoCloseable {

  /** An address for documentation, so nobody's. */
  public static final InetSocketAddress WORLD = new InetSocketAddress("203.0.113.7", 80);

  public static final InetSocketAddress METADATA = new InetSocketAddress("169.254.169.254", 80);

  private final List<ServerSocket> sockets = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Outside() {}

  static List<String> addresses() {
    return List.of(WORLD, METADATA).stream()
        .map(InetSocketAddress::getAddress)
        .map(InetAddress::getHostAddress)
        .toList();
  }

  static Outside listen() throws IOException {
    Outside outside = new Outside();
    for (InetSocketAddress address : List.of(WORLD, METADATA)) {
      ServerSocket socket = new ServerSocket(address.getPort(), 50, address.getAddress());
      outside.sockets.add(socket);
      outside.threads.execute(() -> greet(socket));
    }
    return outside;
  }

  private static void greet(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        socket.accept().close();
      } catch (IOException closed) {
        // By whoever came, or for good.
      }
    }
  }

  @Override
  public void close() {
    for (ServerSocket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    threads.shutdownNow();
  }
}
