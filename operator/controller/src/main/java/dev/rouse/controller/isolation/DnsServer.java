package dev.rouse.controller.isolation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where names are asked for. */
public sealed interface DnsServer {

  int DEFAULT_PORT = 53;

  /** The port that its process listens on, which is not always that of its Service. */
  int port();

  /** Pods, by one label: what a cluster's DNS usually is. */
  record Pods(String namespace, String label, String value, int port) implements DnsServer {}

  /** Addresses: what a cache on each node has. */
  record Addresses(Cidr range, int port) implements DnsServer {}

  /**
   * Reads {@code NAMESPACE/LABEL=VALUE} or {@code ADDRESS/PREFIX}, either with {@code :PORT} behind
   * it.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static DnsServer parse(String text) {
    Matcher form = Form.OF_ANY.matcher(text);
    boolean matches = form.matches();
    int port =
        !matches || form.group("port") == null
            ? DEFAULT_PORT
            : Integer.parseInt(form.group("port"));
    if (!matches || port < 1 || port > Form.LAST_PORT) {
      throw new IllegalArgumentException(
          "%s is neither NAMESPACE/LABEL=VALUE nor ADDRESS/PREFIX, with :PORT behind it if that is not %d"
              .formatted(text, DEFAULT_PORT));
    }
    return form.group("label") == null
        ? new Addresses(new Cidr(form.group("range")), port)
        : new Pods(form.group("namespace"), form.group("label"), form.group("value"), port);
  }

  /** How they are written. */
  final class Form {
    private static final int LAST_PORT = 65_535;
    private static final Pattern OF_ANY =
        Pattern.compile(
            "(?:(?<namespace>[a-z0-9-]+)/(?<label>[A-Za-z0-9./_-]+)=(?<value>[A-Za-z0-9._-]*)"
                + "|(?<range>[0-9a-fA-F:.]+/[0-9]{1,3}))(?::(?<port>[0-9]{1,5}))?");

    private Form() {}
  }
}
