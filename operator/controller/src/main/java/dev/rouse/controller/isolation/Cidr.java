package dev.rouse.controller.isolation;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of addresses.
 *
 * @param text as policies have it, for example {@code 10.0.0.0/8} or {@code fc00::/7}
 */
public record Cidr(String text) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?<address>[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*)/(?<prefix>[0-9]{1,3})");

  /** Checks it. @throws IllegalArgumentException saying what is wrong */
  public Cidr {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "%s is no range of addresses such as 10.0.0.0/8 or fc00::/7".formatted(text));
    }
    byte[] address = InetAddress.ofLiteral(form.group("address")).getAddress();
    int prefix = Integer.parseInt(form.group("prefix"));
    if (prefix > address.length * Byte.SIZE) {
      throw new IllegalArgumentException(
          "%s ends with a number above %d".formatted(text, address.length * Byte.SIZE));
    }
    if (!Arrays.equals(address, first(address, prefix))) {
      throw new IllegalArgumentException(
          "%s does not begin with the first address of its range".formatted(text));
    }
  }

  /** The range of one address. */
  static Cidr ofAddress(String address) {
    return new Cidr(address + (address.contains(":") ? "/128" : "/32"));
  }

  boolean isSameFamily(Cidr other) {
    return network().length == other.network().length;
  }

  /** Whether every address of {@code other} is in this range. */
  boolean contains(Cidr other) {
    return isSameFamily(other)
        && prefix() <= other.prefix()
        && Arrays.equals(network(), first(other.network(), prefix()));
  }

  private byte[] network() {
    return InetAddress.ofLiteral(text.substring(0, text.indexOf('/'))).getAddress();
  }

  private int prefix() {
    return Integer.parseInt(text.substring(text.indexOf('/') + 1));
  }

  private static byte[] first(byte[] address, int prefix) {
    byte[] first = address.clone();
    for (int bit = prefix; bit < first.length * Byte.SIZE; bit++) {
      first[bit / Byte.SIZE] &= (byte) ~(0x80 >>> (bit % Byte.SIZE));
    }
    return first;
  }
}
