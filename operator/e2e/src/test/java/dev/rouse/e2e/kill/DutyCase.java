package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.Store;
import dev.rouse.e2e.proxy.Hold;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The server is killed on one side of a request by which it does a duty.
 *
 * @param when whether the request has had its effect
 */
record DutyCase(Duty duty, Hold.When when) implements Case {

  /**
   * Those of a store: both sides of each duty over ConfigMaps, or if the lot is for the whole; else
   * one, drawn. Of them those whose session's name fits {@code -Drouse.kill=REGEX}.
   */
  static List<DutyCase> of(Store store, Lot lot) {
    Pattern wanted = Pattern.compile(System.getProperty("rouse.kill", ".*"));
    Random random = lot.random();
    boolean all = lot.whole() || store instanceof Store.ConfigMaps;
    return Arrays.stream(Duty.values())
        .filter(duty -> duty.isOf(store))
        .flatMap(duty -> {
          Hold.When drawn = random.nextBoolean() ? Hold.When.BEFORE : Hold.When.AFTER;
          return Stream.of(Hold.When.BEFORE, Hold.When.AFTER)
              .filter(when -> all || when == drawn)
              .map(when -> new DutyCase(duty, when));
        })
        .filter(duty -> wanted.matcher(duty.session()).matches())
        .toList();
  }

  @Override
  public String session() {
    return ("server-" + when + "-" + duty.name()).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String where() {
    return when.name().toLowerCase(Locale.ROOT) + " " + duty;
  }

  @Override
  public Blow blow() {
    return Blow.SERVER;
  }

  @Override
  public String toString() {
    return where() + " × " + blow();
  }
}
