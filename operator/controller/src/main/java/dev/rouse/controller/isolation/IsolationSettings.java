package dev.rouse.controller.isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings of isolation, from the environment; each is a list separated by commas, and one that
 * is set to nothing is an empty list.
 *
 * @param denied {@code ROUSE_SANDBOX_DENIED}: ranges that sandboxes with unrestricted networking
 *     still may not reach; every address that {@code forbidden} names is added
 * @param dns {@code ROUSE_SANDBOX_DNS}: where they may ask for names
 * @param forbidden {@code ROUSE_SANDBOX_FORBIDDEN}: {@code host:port} that no sandbox may reach and
 *     that its hands try before the first call; empty: they try nothing
 */
public record IsolationSettings(List<Cidr> denied, List<DnsServer> dns, List<String> forbidden) {

  static final String DENIED = "ROUSE_SANDBOX_DENIED";
  static final String DNS = "ROUSE_SANDBOX_DNS";
  static final String FORBIDDEN = "ROUSE_SANDBOX_FORBIDDEN";

  /**
   * Link-local addresses, where clouds keep their metadata; the address by which Azure does; the
   * private ranges, in which addresses of nodes, pods and Services are nearly always.
   */
  private static final String DENIED_DEFAULT =
      "169.254.0.0/16,168.63.129.16/32,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,"
          + "fe80::/10,fc00::/7";

  private static final String DNS_DEFAULT = "kube-system/k8s-app=kube-dns";
  private static final String METADATA = "169.254.169.254:80";

  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:\\[(?<six>[0-9a-fA-F:.]+)]|(?<four>[0-9.]+)|(?<name>[A-Za-z0-9.-]+))"
              + ":(?<port>[0-9]{1,5})");
  private static final int LAST_PORT = 65_535;

  /** Adds what is forbidden to what is denied. */
  public IsolationSettings {
    List<Cidr> all = new ArrayList<>(denied);
    for (String address : forbidden) {
      range(address)
          .filter(it -> all.stream().noneMatch(range -> range.contains(it)))
          .ifPresent(all::add);
    }
    denied = List.copyOf(all);
    dns = List.copyOf(dns);
    forbidden = List.copyOf(forbidden);
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the variable that is wrong
   */
  public static IsolationSettings from(Map<String, String> environment) {
    return new IsolationSettings(
        list(environment, DENIED, DENIED_DEFAULT, Cidr::new),
        list(environment, DNS, DNS_DEFAULT, DnsServer::parse),
        list(environment, FORBIDDEN, forbiddenDefault(environment), IsolationSettings::address));
  }

  /** The API server as pods find it, and the metadata of clouds. */
  private static String forbiddenDefault(Map<String, String> environment) {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    return host.isEmpty()
        ? METADATA
        : (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "," + METADATA;
  }

  private static <T> List<T> list(
      Map<String, String> environment, String name, String otherwise, Function<String, T> parse) {
    try {
      return Stream.of(environment.getOrDefault(name, otherwise).split(",", -1))
          .map(String::strip)
          .filter(it -> !it.isEmpty())
          .map(parse)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s is %s: %s".formatted(name, environment.get(name), e.getMessage()), e);
    }
  }

  private static String address(String text) {
    Matcher form = ADDRESS.matcher(text);
    int port = form.matches() ? Integer.parseInt(form.group("port")) : 0;
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException("%s is no host:port".formatted(text));
    }
    // An address in numbers must be one.
    Optional<Cidr> unused = range(text);
    return text;
  }

  /** The one address of {@code host:port}; empty if it has a name. */
  private static Optional<Cidr> range(String address) {
    Matcher form = ADDRESS.matcher(address);
    return form.matches()
        ? Optional.ofNullable(form.group("six"))
            .or(() -> Optional.ofNullable(form.group("four")))
            .map(Cidr::ofAddress)
        : Optional.empty();
  }
}
