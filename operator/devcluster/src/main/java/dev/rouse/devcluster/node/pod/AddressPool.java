package dev.rouse.devcluster.node.pod;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives each pod a loopback address of its own, so that many can listen on the same port. A freed
 * address is used again as late as possible.
 */
public final class AddressPool {

  private static final Pattern RANGE =
      Pattern.compile("127\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");
  private static final int MIN_PREFIX = 9;
  private static final int MAX_PREFIX = 30;

  private final int base;
  private final int size;
  private final Map<String, Integer> byPod = new HashMap<>();
  private int next = 1;

  /**
   * A pool.
   *
   * @param range such as {@code 127.40.0.0/24}
   * @throws IllegalArgumentException if it is no range of loopback addresses
   */
  public AddressPool(String range) {
    Matcher matcher = RANGE.matcher(range);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "--address-range must look like 127.40.0.0/24, not '%s'".formatted(range));
    }
    int prefix = Integer.parseInt(matcher.group(4));
    if (prefix < MIN_PREFIX || prefix > MAX_PREFIX) {
      throw new IllegalArgumentException(
          "--address-range needs a prefix from %d to %d".formatted(MIN_PREFIX, MAX_PREFIX));
    }
    size = 1 << (32 - prefix);
    base =
        number("127.%s.%s.%s".formatted(matcher.group(1), matcher.group(2), matcher.group(3)))
            & -size;
  }

  /** The pod's address, a new one if it has none. */
  public synchronized String take(String podUid) {
    Integer held = byPod.get(podUid);
    if (held != null) {
      return text(held);
    }
    for (int tries = 0; tries < size; tries++) {
      int candidate = base + next;
      next = next + 1 >= size - 1 ? 1 : next + 1;
      if (!byPod.containsValue(candidate)) {
        byPod.put(podUid, candidate);
        return text(candidate);
      }
    }
    throw new IllegalStateException(
        "all %d addresses of --address-range are in use".formatted(size - 2));
  }

  /** Gives a pod the address it had before the node was restarted. */
  public synchronized void restore(String podUid, String address) {
    int number = number(address);
    byPod.put(podUid, number);
    if (number > base && number < base + size - 2) {
      next = Math.max(next, number - base + 1);
    }
  }

  public synchronized void free(String podUid) {
    byPod.remove(podUid);
  }

  private static int number(String address) {
    int number = 0;
    for (String part : address.split("\\.", -1)) {
      int octet = Integer.parseInt(part);
      if (octet > 255) {
        throw new IllegalArgumentException("'%s' is no address".formatted(address));
      }
      number = number << 8 | octet;
    }
    return number;
  }

  private static String text(int number) {
    return "%d.%d.%d.%d"
        .formatted(number >>> 24, number >>> 16 & 255, number >>> 8 & 255, number & 255);
  }
}
