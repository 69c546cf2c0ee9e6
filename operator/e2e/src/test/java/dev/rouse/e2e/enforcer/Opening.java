package dev.rouse.e2e.enforcer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one rule of a policy lets through: some peers at some ports.
 *
 * @param peers whom
 * @param ports where
 */
record Opening(Peers peers, Ports ports) {

  /** Who is at the other end. */
  sealed interface Peers {

    /** Everybody, whether a pod or not. */
    record Anybody() implements Peers {}

    /**
     * Those of a list.
     *
     * @param pods addresses, in order
     * @param blocks ranges
     */
    record Those(List<String> pods, List<Block> blocks) implements Peers {}
  }

  /** A range of addresses without some of it. */
  record Block(String range, List<String> except) {}

  /** Where it lets them. */
  sealed interface Ports {

    /** Everywhere, with every protocol. */
    record All() implements Ports {}

    /** At these, which may be none. */
    record Those(List<Port> ports) implements Ports {}
  }

  /**
   * A port.
   *
   * @param protocol {@code tcp} or {@code udp}
   * @param number 0: every port of the protocol
   */
  record Port(String protocol, int number) {}

  /**
   * The rules that let it through; none where it names nobody who is there.
   *
   * @param direction {@code saddr} if the peer sends, {@code daddr} if it receives
   */
  List<String> rules(String direction) {
    List<String> rules = new ArrayList<>();
    for (String whom : whom("ip " + direction)) {
      for (String where : where()) {
        rules.add((whom + where + "return").strip());
      }
    }
    return rules;
  }

  private List<String> whom(String field) {
    return switch (peers) {
      case Peers.Anybody() -> List.of("");
      case Peers.Those(List<String> pods, List<Block> blocks) -> {
        List<String> all = new ArrayList<>();
        if (!pods.isEmpty()) {
          all.add(field + " " + Address.anyOf(pods) + " ");
        }
        for (Block block : blocks) {
          StringBuilder text = new StringBuilder(field + " " + block.range() + " ");
          block.except().forEach(range -> text.append(field + " != " + range + " "));
          all.add(text.toString());
        }
        yield all;
      }
    };
  }

  private List<String> where() {
    return switch (ports) {
      case Ports.All() -> List.of("");
      case Ports.Those(List<Port> those) ->
          Stream.of("tcp", "udp").flatMap(protocol -> where(protocol, those).stream()).toList();
    };
  }

  private static Optional<String> where(String protocol, List<Port> ports) {
    List<Integer> numbers =
        ports.stream()
            .filter(port -> port.protocol().equals(protocol))
            .map(Port::number)
            .sorted()
            .distinct()
            .toList();
    if (numbers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        numbers.getFirst() == 0
            ? "meta l4proto %s ".formatted(protocol)
            : "%s dport %s "
                .formatted(
                    protocol, Address.anyOf(numbers.stream().map(Object::toString).toList())));
  }
}
