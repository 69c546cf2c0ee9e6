package dev.rouse.e2e.bed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.e2e.bench.Figure;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * What the scenarios showed: how each went, and what was measured on the way. Figures come in as
 * report entries of the tests, see {@link Figures}.
 */
final class Report implements TestExecutionListener {

  private static final String HEADER =
      """
      # On real nodes

      Written by `make full`, and by `make e2e` for less: two nodes with kubelet, containerd and
      kube-proxy, Rouse installed by its chart with the defaults. API server, etcd, both nodes, the
      model and the tests share the cores of one machine. Policies are enforced by a small enforcer of
      ours, which proves what the policies say and nothing of any network plugin.

      """;

  /** How a test went. */
  private record Outcome(String scenario, String test, String verdict, Duration took, String why) {}

  private final PrintStream out = System.out;
  private final Map<String, Long> started = new ConcurrentHashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Map<String, List<Figure>> figures = new LinkedHashMap<>();

  @Override
  public void executionStarted(TestIdentifier test) {
    started.put(test.getUniqueId(), System.nanoTime());
    if (test.isTest()) {
      out.printf("-- %s: %s%n", scenario(test), test.getDisplayName());
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    note(test, "skipped", reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String why = result.getThrowable().map(Throwable::toString).orElse("");
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          note(test, "passed", "");
        }
      }
      case ABORTED ->
          note(test, "skipped", result.getThrowable().map(Throwable::getMessage).orElse(""));
      // Of a container, too: a bed that does not start fails whatever would have run on it.
      case FAILED -> {
        note(test, "FAILED", why);
        result.getThrowable().ifPresent(failure -> failure.printStackTrace(out));
      }
    }
  }

  private synchronized void note(TestIdentifier test, String verdict, String why) {
    long since = started.getOrDefault(test.getUniqueId(), System.nanoTime());
    Outcome outcome =
        new Outcome(
            scenario(test),
            // Without what a method takes.
            test.getDisplayName().replaceFirst("\\([^)]*\\)$", ""),
            verdict,
            Duration.ofNanos(System.nanoTime() - since),
            why.lines().findFirst().orElse(""));
    outcomes.add(outcome);
    out.printf(
        "   %s after %d s: %s %s%n",
        verdict, outcome.took().toSeconds(), outcome.test(), outcome.why());
  }

  @Override
  public synchronized void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    entry.getKeyValuePairs().values().stream()
        .flatMap(value -> Figures.parse(value).stream())
        .forEach(
            figure -> figures.computeIfAbsent(scenario(test), _ -> new ArrayList<>()).add(figure));
  }

  private static String scenario(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(source -> ((MethodSource) source).getClassName())
        .map(name -> name.substring(name.lastIndexOf('.') + 1))
        .orElse(test.getDisplayName());
  }

  synchronized boolean isGreen() {
    return !outcomes.isEmpty() && outcomes.stream().noneMatch(it -> it.verdict().equals("FAILED"));
  }

  /** One line for people. */
  synchronized String summary() {
    Map<String, Long> counts = new LinkedHashMap<>();
    outcomes.forEach(it -> counts.merge(it.verdict(), 1L, Long::sum));
    return outcomes.isEmpty() ? "no test ran" : counts.toString();
  }

  /** Writes it as a page and as JSON. */
  synchronized void write(Path directory, String name) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(name + ".md"), page());
    Files.writeString(directory.resolve(name + ".json"), json());
  }

  private String page() {
    StringBuilder text = new StringBuilder(HEADER);
    text.append("| scenario | what | how it went | seconds |\n|---|---|---|--:|\n");
    for (Outcome outcome : outcomes) {
      text.append(
          "| %s | %s | %s | %s |%n"
              .formatted(
                  outcome.scenario(),
                  cell(outcome.test()),
                  cell(outcome.verdict() + (outcome.why().isEmpty() ? "" : ": " + outcome.why())),
                  String.format(Locale.ROOT, "%.1f", outcome.took().toMillis() / 1000.0)));
    }
    figures.forEach((scenario, measured) -> {
      text.append("\n## ").append(scenario).append("\n\n");
      text.append("| what | unit | samples | p50 | p95 | longest or most |\n");
      text.append("|---|---|--:|--:|--:|--:|\n");
      measured.forEach(figure -> text.append(figure.row()));
    });
    return text.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private String json() {
    ObjectNode body = EventCodec.JSON.createObjectNode();
    outcomes.forEach(it ->
        body.withArray("outcomes")
            .addObject()
            .put("scenario", it.scenario())
            .put("test", it.test())
            .put("verdict", it.verdict())
            .put("why", it.why())
            .put("millis", it.took().toMillis()));
    figures.forEach((scenario, measured) ->
        measured.forEach(figure ->
            body.withArray("figures")
                .addObject()
                .put("scenario", scenario)
                .put("what", figure.what())
                .put("unit", figure.unit())
                .put("samples", figure.samples().size())
                .put("p50", figure.percentile(50))
                .put("p95", figure.percentile(95))
                .put("max", figure.percentile(100))));
    return body.toPrettyString() + "\n";
  }
}
