package dev.rouse.e2e.kill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes one table of the verdicts of all runs: points × components × stores. {@code make chaos}
 * calls it.
 */
final class ChaosReport {

  private static final String CLEAN = "%d";
  private static final String FAILED = "**%d of %d**";

  private final Map<String, Map<String, List<String>>> failuresByPoint = new LinkedHashMap<>();
  private final Map<String, TreeSet<Long>> seeds = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Map<String, Integer>> runs = new LinkedHashMap<>();

  private ChaosReport() {}

  /**
   * Writes the table.
   *
   * @param args the file to write
   */
  public static void main(String[] args) throws IOException {
    ChaosReport report = new ChaosReport();
    try (Stream<Path> files = Files.list(Verdicts.DIRECTORY)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".json")).sorted().toList()) {
        report.add(EventCodec.JSON.readTree(file.toFile()));
      }
    }
    String text = report.text();
    if (args.length > 0) {
      Files.writeString(Path.of(args[0]), text);
    }
    System.out.print(text);
    if (!report.failures.isEmpty()) {
      System.exit(1);
    }
  }

  private void add(JsonNode run) {
    String store = run.path("store").asText();
    seeds.computeIfAbsent(store, _ -> new TreeSet<>()).add(run.path("seed").asLong());
    for (JsonNode one : run.path("cases")) {
      String point = one.path("point").asText() + " | " + one.path("component").asText();
      runs.computeIfAbsent(point, _ -> new TreeMap<>()).merge(store, 1, Integer::sum);
      if (one.path("failure").isTextual()) {
        failuresByPoint
            .computeIfAbsent(point, _ -> new TreeMap<>())
            .computeIfAbsent(store, _ -> new ArrayList<>())
            .add(one.path("failure").asText());
        failures.add(
            "%s, %s, seed %d: %s"
                .formatted(point, store, run.path("seed").asLong(), one.path("failure").asText()));
      }
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    text.append("# What was killed, where, and what came of it\n\n");
    text.append(
        """
        Written by `make chaos`. A number says in how many runs the case was tried and clean: nothing
        that was acknowledged was lost, nothing was executed twice, and where nobody can know whether
        a call ran, the log says so. A case that was not clean is **bold**.

        """);
    seeds.forEach(
        (store, of) -> text.append("- ").append(store).append(": seeds ").append(of).append('\n'));
    text.append("\n| point | struck |");
    seeds.keySet().forEach(store -> text.append(' ').append(store).append(" |"));
    text.append("\n|---|---|").append("---|".repeat(seeds.size())).append('\n');
    runs.forEach((point, byStore) -> {
      text.append("| ").append(point).append(" |");
      seeds.keySet().forEach(store -> text.append(' ').append(cell(point, store)).append(" |"));
      text.append('\n');
    });
    failures.forEach(failure -> text.append("\n- ").append(failure));
    return text.append('\n').toString();
  }

  private String cell(String point, String store) {
    int all = runs.getOrDefault(point, Map.of()).getOrDefault(store, 0);
    int failed =
        failuresByPoint.getOrDefault(point, Map.of()).getOrDefault(store, List.of()).size();
    if (all == 0) {
      return "";
    }
    return failed == 0 ? CLEAN.formatted(all) : FAILED.formatted(failed, all);
  }
}
