package dev.rouse.devcluster.node.kubelet;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * One connection to a port of a pod, over a WebSocket of sub-protocol {@value #PROTOCOL}: the first
 * byte of each message is its channel, 0 for data and 1 for an error; the first message of either
 * channel is the port's number.
 *
 * <p>The protocol cannot say that one side only has finished. What the pod sent before it closed
 * arrives; when the client closes, the pod's connection is closed.
 */
final class PortForward {

  static final String PROTOCOL = "v4.channel.k8s.io";

  private static final byte DATA = 0;
  private static final byte ERROR = 1;
  private static final short PROTOCOL_ERROR = 1002;

  private final ServerWebSocket client;
  private final SocketAddress target;

  private PortForward(ServerWebSocket client, SocketAddress target) {
    this.client = client;
    this.target = target;
  }

  /** Connects {@code client} with {@code target}; on the event loop of {@code client}. */
  static void start(ServerWebSocket client, NetClient net, SocketAddress target) {
    PortForward forward = new PortForward(client, target);
    client.pause();
    Buffer port = Buffer.buffer().appendShortLE((short) target.port());
    forward.send(DATA, port);
    forward.send(ERROR, port);
    net.connect(target).onSuccess(forward::join).onFailure(forward::refuse);
  }

  private void send(byte channel, Buffer content) {
    client.writeBinaryMessage(Buffer.buffer().appendByte(channel).appendBuffer(content));
  }

  private void refuse(Throwable why) {
    String message = "cannot connect to %s: %s".formatted(target, why.getMessage());
    send(ERROR, Buffer.buffer(message.getBytes(StandardCharsets.UTF_8)));
    client.close();
  }

  /** Neither side is read faster than the other takes it. */
  private void join(NetSocket pod) {
    if (client.isClosed()) {
      pod.close();
      return;
    }
    client.closeHandler(_ -> pod.close());
    client.exceptionHandler(_ -> pod.close());
    client.binaryMessageHandler(message -> received(pod, message));
    pod.closeHandler(_ -> client.close());
    pod.exceptionHandler(_ -> pod.close());
    pod.handler(content -> {
      send(DATA, content);
      if (client.writeQueueFull()) {
        pod.pause();
        client.drainHandler(_ -> pod.resume());
      }
    });
    client.resume();
  }

  private void received(NetSocket pod, Buffer message) {
    if (message.length() == 0 || message.getByte(0) != DATA) {
      client.close(PROTOCOL_ERROR, "only channel 0 is written to");
      return;
    }
    pod.write(message.getBuffer(1, message.length()));
    if (pod.writeQueueFull()) {
      client.pause();
      pod.drainHandler(_ -> client.resume());
    }
  }
}
