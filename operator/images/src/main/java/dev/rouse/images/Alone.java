package dev.rouse.images;

import dev.rouse.session.protocol.Ticket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/** The settings of a program of a session that is started without one, to see how long it takes. */
final class Alone {

  private static final String NOWHERE = "http://127.0.0.1:1";

  private Alone() {}

  /**
   * A brain that looks for its server, in vain.
   *
   * @param work a directory for what it wants to find
   * @param port of 127.0.0.1, where its probe answers
   */
  static Map<String, String> brain(Path work, int port) throws IOException {
    String token = Files.writeString(work.resolve("token"), "nobody").toString();
    return Map.of(
        "ROUSE_SERVER_URL", NOWHERE,
        "ROUSE_SESSION_UID", "alone",
        "ROUSE_TOKEN_FILE", token,
        "ROUSE_PROVIDER_TYPE", "anthropic",
        "ROUSE_PROVIDER_URL", NOWHERE,
        "ROUSE_PROVIDER_KEY_FILE", token,
        "ROUSE_HEALTH_LISTEN", "127.0.0.1:" + port);
  }

  /**
   * Hands that nobody calls.
   *
   * @param work a directory without {@code workspace} and {@code journal}
   * @param port of 127.0.0.1, where they listen
   */
  static Map<String, String> hands(Path work, int port) throws IOException {
    return Map.of(
        "ROUSE_LISTEN",
        "127.0.0.1:" + port,
        "ROUSE_WORKSPACE",
        Files.createDirectory(work.resolve("workspace")).toString(),
        "ROUSE_JOURNAL",
        Files.createDirectory(work.resolve("journal")).toString(),
        "ROUSE_TICKET_KEY",
        ticketKey(),
        "ROUSE_SESSION_UID",
        "alone",
        "ROUSE_GENERATION",
        "1");
  }

  private static String ticketKey() {
    try {
      return Ticket.encodeKey(
          KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no Ed25519", e);
    }
  }
}
