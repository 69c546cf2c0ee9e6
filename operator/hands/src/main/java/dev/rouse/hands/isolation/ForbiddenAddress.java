package dev.rouse.hands.isolation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Something that listens and that no sandbox may reach. */
public record ForbiddenAddress(String host, int port) {

  private static final int LAST_PORT = 65_535;

  /** Checks the port. */
  public ForbiddenAddress {
    if (host.isEmpty() || port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(host + ":" + port + " is no host:port");
    }
  }

  /**
   * Reads {@code host:port,host:port,…}; of nothing it makes an empty list.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static List<ForbiddenAddress> list(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .filter(it -> !it.isEmpty())
        .map(ForbiddenAddress::parse)
        .toList();
  }

  private static ForbiddenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new ForbiddenAddress(
          text.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", ""),
          Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(text + " is no host:port", e);
    }
  }

  /**
   * Whether a connection is made within {@code patience}.
   *
   * <p>A refused one is no answer. Some network plugins drop what a policy forbids and others
   * refuse it in the destination's name, so a refusal does not tell a closed port from a closed
   * way. That nothing is missed is for whoever chooses the addresses: something listens at each.
   */
  boolean answers(Duration patience) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(patience.toMillis()));
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
