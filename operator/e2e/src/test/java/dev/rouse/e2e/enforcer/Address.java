package dev.rouse.e2e.enforcer;

import java.util.List;

/** IPv4 addresses and ranges, written as nft writes them. */
final class Address {

  private Address() {}

  /** An address as a number, for an order that is nft's own. */
  static long number(String address) {
    long number = 0;
    for (String part : address.split("\\.")) {
      number = number << 8 | Integer.parseInt(part);
    }
    return number;
  }

  /** A range, begun at its first address and without a length where it is one address. */
  static String range(String cidr) {
    String[] parts = cidr.split("/");
    int bits = Integer.parseInt(parts[1]);
    long first = number(parts[0]) & ~((1L << (32 - bits)) - 1);
    String text =
        "%d.%d.%d.%d".formatted(first >> 24, first >> 16 & 255, first >> 8 & 255, first & 255);
    return bits == 32 ? text : text + "/" + bits;
  }

  /** One value as it is, several as a set. */
  static String anyOf(List<String> values) {
    return values.size() == 1 ? values.getFirst() : "{ " + String.join(", ", values) + " }";
  }
}
