package dev.rouse.api.probe;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Prometheus reads.
 *
 * @param values of all series, by name and labels as they stand in the text
 */
public record Scrape(SortedMap<String, Double> values) {

  private static final Pattern LINE = Pattern.compile("^([a-z0-9_]+)(?:\\{(.*)})? (\\S+)$");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
  private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum|max)$");

  public static Scrape of(String text) {
    SortedMap<String, Double> values = new TreeMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line ->
            values.put(
                line.substring(0, line.lastIndexOf(' ')),
                Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
    return new Scrape(values);
  }

  /** The value of this series, or of none. */
  public double value(String series) {
    return values.getOrDefault(series, Double.NaN);
  }

  /** The series of Rouse's own that are not 0, without those of histograms' buckets. */
  public Map<String, Double> counted() {
    return values.entrySet().stream()
        .filter(it -> it.getKey().startsWith("rouse_") && it.getValue() != 0)
        .filter(it -> it.getKey().matches(".*_(total|count)(\\{.*)?"))
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Double::sum, TreeMap::new));
  }

  public Set<String> series() {
    return values.keySet();
  }

  /** The series that are not the JVM's, which come as it does things for the first time. */
  public Set<String> ours() {
    return values.keySet().stream()
        .filter(it -> it.startsWith("rouse_"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The labels of each metric, a histogram being one. */
  public SortedMap<String, SortedSet<String>> metrics() {
    SortedMap<String, SortedSet<String>> metrics = new TreeMap<>();
    for (String series : series()) {
      Matcher line = LINE.matcher(series + " 0");
      if (!line.matches()) {
        throw new IllegalStateException(series);
      }
      SortedSet<String> labels =
          metrics.computeIfAbsent(
              SUFFIX.matcher(line.group(1)).replaceFirst(""), _ -> new TreeSet<>());
      Matcher label = LABEL.matcher(line.group(2) == null ? "" : line.group(2));
      while (label.find()) {
        if (!label.group(1).equals("le")) {
          labels.add(label.group(1));
        }
      }
    }
    return metrics;
  }
}
