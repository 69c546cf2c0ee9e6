package dev.rouse.api.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code docs/metrics.md}, held against what programs tell. */
public final class MetricsPage {

  private static final Path PAGE = Path.of(System.getProperty("rouse.root"), "docs", "metrics.md");

  /** {@code | `name` | `label`: values, `label`: values | …}. */
  private static final Pattern ROW =
      Pattern.compile("^\\| `(rouse_[a-z_]+)` \\|([^|]*)\\|", Pattern.MULTILINE);

  private static final Pattern LABEL = Pattern.compile("`([a-z_]+)`:");
  private static final Pattern OF_THE_JVM = Pattern.compile("(jvm|process|system)_.*");

  private MetricsPage() {}

  /**
   * Checks that the table of {@code program} has these metrics and labels and no others, and that
   * what is not in it is the JVM's.
   */
  public static void assertSays(String program, Scrape scrape) throws IOException {
    SortedMap<String, SortedSet<String>> told = scrape.metrics();
    SortedMap<String, SortedSet<String>> page = page(program);
    told.keySet().removeIf(it -> OF_THE_JVM.matcher(it).matches());
    assertThat(page)
        .as("the table of the %s in docs/metrics.md: metrics and their labels", program)
        .isEqualTo(told);
    assertThat(scrape.metrics().keySet())
        .as("metrics of the JVM")
        .contains("jvm_memory_used_bytes");
  }

  private static SortedMap<String, SortedSet<String>> page(String program) throws IOException {
    Matcher table =
        Pattern.compile("<!-- metrics: " + program + " -->(.*?)<!-- /metrics -->", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertThat(table.find()).as("docs/metrics.md has a table of the " + program).isTrue();
    SortedMap<String, SortedSet<String>> metrics = new TreeMap<>();
    Matcher row = ROW.matcher(table.group(1));
    while (row.find()) {
      SortedSet<String> labels = new TreeSet<>();
      Matcher label = LABEL.matcher(row.group(2));
      while (label.find()) {
        labels.add(label.group(1));
      }
      metrics.put(row.group(1), labels);
    }
    return metrics;
  }
}
