package dev.rouse.hands;

import dev.rouse.hands.isolation.ForbiddenAddress;
import dev.rouse.session.protocol.Ticket;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;

/**
 * Every setting of the hands. They come from the environment and from nowhere else.
 *
 * @param listen {@code ROUSE_LISTEN}, {@code host:port}; port 0 takes a free one
 * @param workspace {@code ROUSE_WORKSPACE}, the directory that tools work in; made if missing
 * @param journal {@code ROUSE_JOURNAL}, the journal's directory, on the volume of the workspace but
 *     not inside it; made if missing
 * @param ticketKey {@code ROUSE_TICKET_KEY}, the public key that tickets are checked with
 * @param sessionUid {@code ROUSE_SESSION_UID}, the only session that may call
 * @param generation {@code ROUSE_GENERATION}, of these hands, from 1
 * @param forbidden {@code ROUSE_FORBIDDEN}, {@code host:port} of what the sandbox must not reach,
 *     separated by commas; may be left out, then nothing is tried
 * @param jsonLog {@code ROUSE_LOG_FORMAT}, whether the log's lines are JSON; {@code text} if left
 *     out
 */
record HandsConfig(
    InetSocketAddress listen,
    Path workspace,
    Path journal,
    PublicKey ticketKey,
    String sessionUid,
    int generation,
    List<ForbiddenAddress> forbidden,
    boolean jsonLog) {

  static final String LISTEN = "ROUSE_LISTEN";
  static final String WORKSPACE = "ROUSE_WORKSPACE";
  static final String JOURNAL = "ROUSE_JOURNAL";
  static final String TICKET_KEY = "ROUSE_TICKET_KEY";
  static final String SESSION_UID = "ROUSE_SESSION_UID";
  static final String GENERATION = "ROUSE_GENERATION";
  static final String FORBIDDEN = "ROUSE_FORBIDDEN";
  static final String LOG_FORMAT = "ROUSE_LOG_FORMAT";

  HandsConfig {
    forbidden = List.copyOf(forbidden);
  }

  /** The settings that these variables hold. */
  static HandsConfig from(Map<String, String> environment) throws ConfigException {
    Path workspace = directory(environment, WORKSPACE);
    Path journal = directory(environment, JOURNAL);
    if (journal.startsWith(workspace) || workspace.startsWith(journal)) {
      throw new ConfigException(
          JOURNAL
              + " and "
              + WORKSPACE
              + " lie one inside the other ("
              + journal
              + ", "
              + workspace
              + "): give them directories side by side, so that tools do not meet the journal");
    }
    return new HandsConfig(
        listen(environment),
        workspace,
        journal,
        ticketKey(environment),
        required(environment, SESSION_UID),
        generation(environment),
        forbidden(environment),
        jsonLog(environment));
  }

  private static InetSocketAddress listen(Map<String, String> environment) throws ConfigException {
    String text = required(environment, LISTEN);
    int colon = text.lastIndexOf(':');
    if (colon > 0) {
      String host = text.substring(0, colon);
      try {
        InetSocketAddress address =
            new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
        if (!address.isUnresolved()) {
          return address;
        }
      } catch (IllegalArgumentException notANumberOrOutOfRange) {
        // Said below, like every other form.
      }
    }
    throw new ConfigException(
        LISTEN + " is \"" + text + "\": it must be host:port, for example 10.1.2.3:8085");
  }

  private static Path directory(Map<String, String> environment, String name)
      throws ConfigException {
    String text = required(environment, name);
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new ConfigException(name + " is not a path: " + e.getMessage());
    }
  }

  private static PublicKey ticketKey(Map<String, String> environment) throws ConfigException {
    try {
      return Ticket.decodeKey(required(environment, TICKET_KEY));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          TICKET_KEY
              + " is not an Ed25519 public key in base64, as status.handsWanted.ticketKey of the"
              + " Session holds it");
    }
  }

  private static int generation(Map<String, String> environment) throws ConfigException {
    String text = required(environment, GENERATION);
    try {
      int generation = Integer.parseInt(text);
      if (generation >= 1) {
        return generation;
      }
    } catch (NumberFormatException e) {
      // Said below, like a number that is too small.
    }
    throw new ConfigException(
        GENERATION + " is \"" + text + "\": it must be a whole number from 1");
  }

  private static List<ForbiddenAddress> forbidden(Map<String, String> environment)
      throws ConfigException {
    try {
      return ForbiddenAddress.list(environment.getOrDefault(FORBIDDEN, ""));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          FORBIDDEN + " must be host:port, separated by commas: " + e.getMessage());
    }
  }

  private static boolean jsonLog(Map<String, String> environment) throws ConfigException {
    String format = environment.getOrDefault(LOG_FORMAT, "").strip();
    return switch (format) {
      case "", "text" -> false;
      case "json" -> true;
      default ->
          throw new ConfigException(LOG_FORMAT + " is \"" + format + "\": it must be text or json");
    };
  }

  private static String required(Map<String, String> environment, String name)
      throws ConfigException {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new ConfigException(
          name
              + " is not set; the hands take all settings from it and its"
              + " like: "
              + String.join(", ", LISTEN, WORKSPACE, JOURNAL, TICKET_KEY, SESSION_UID, GENERATION));
    }
    return value.strip();
  }
}
