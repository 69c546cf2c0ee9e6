package dev.rouse.devcluster.controlplane;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * TCP ports of 127.0.0.1.
 *
 * @param etcd for the API server
 * @param etcdPeer for other members, of which there are none; etcd insists on it
 * @param apiserver the Kubernetes API
 */
public record Ports(int etcd, int etcdPeer, int apiserver) {

  /** Three that are free at this moment; whoever binds them must be ready to have lost one. */
  static Ports choose() throws IOException {
    List<Integer> free = free(3);
    return new Ports(free.get(0), free.get(1), free.get(2));
  }

  /** Different ports that are free at this moment. */
  public static List<Integer> free(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  /** Whether somebody accepts connections there. */
  public static boolean answers(int port) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (ConnectException refused) {
      return false;
    }
  }
}
