package dev.rouse.e2e.bench;

import java.util.List;
import java.util.Locale;

/**
 * Samples of one thing.
 *
 * @param what it is, for people
 * @param unit of the samples
 */
public record Figure(String what, String unit, List<Double> samples) {

  public Figure {
    samples = List.copyOf(samples);
  }

  public static Figure one(String what, String unit, double value) {
    return new Figure(what, unit, List.of(value));
  }

  /** The sample below which {@code percent} of them are. */
  public double percentile(int percent) {
    double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[Math.max(0, (int) Math.ceil(percent / 100.0 * sorted.length) - 1)];
  }

  /** A row of the page. */
  public String row() {
    return "| %s | %s | %d | %s | %s | %s |%n"
        .formatted(
            what,
            unit,
            samples.size(),
            text(percentile(50)),
            text(percentile(95)),
            text(percentile(100)));
  }

  private static String text(double value) {
    return value >= 100 || value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
