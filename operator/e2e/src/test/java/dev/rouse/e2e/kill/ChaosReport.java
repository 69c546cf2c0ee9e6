package dev.rouse.e2e.kill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes one table of the verdicts of all runs: points × components × stores. {@code make chaos}
 * calls it.
 */
final class ChaosReport {

  private static final String HEADER =
      """
      # What was killed, where, and what came of it

      Written by `make chaos`. A number says in how many runs the case was tried and clean: nothing
      that was acknowledged was lost, nothing was executed twice, and where nobody can know whether
      a call ran, the log says so. A case that was not clean is **bold**.

      """;

  /** One case of one run. */
  private record Tried(
      String point, String component, String store, long seed, Optional<String> failure) {

    String row() {
      return point + " | " + component;
    }
  }

  private final List<Tried> all;

  private ChaosReport(List<Tried> all) {
    this.all = all;
  }

  /**
   * Writes the table and prints it; fails if a case was not clean.
   *
   * @param args the file to write
   */
  public static void main(String[] args) throws IOException {
    List<Tried> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(Verdicts.DIRECTORY)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".json")).sorted().toList()) {
        all.addAll(read(EventCodec.JSON.readTree(file.toFile())));
      }
    }
    String text = new ChaosReport(all).text();
    Path page = Path.of(args[0]);
    Files.createDirectories(page.toAbsolutePath().getParent());
    Files.writeString(page, text);
    System.out.print(text);
    if (all.stream().anyMatch(tried -> tried.failure().isPresent())) {
      System.exit(1);
    }
  }

  private static List<Tried> read(JsonNode run) {
    List<Tried> cases = new ArrayList<>();
    for (JsonNode one : run.path("cases")) {
      cases.add(
          new Tried(
              one.path("point").asText(),
              one.path("component").asText(),
              run.path("store").asText(),
              run.path("seed").asLong(),
              Optional.ofNullable(one.path("failure").textValue())));
    }
    return cases;
  }

  private String text() {
    StringBuilder text = new StringBuilder(HEADER);
    Set<String> stores =
        all.stream().map(Tried::store).collect(Collectors.toCollection(TreeSet::new));
    for (String store : stores) {
      Set<Long> seeds =
          all.stream()
              .filter(tried -> tried.store().equals(store))
              .map(Tried::seed)
              .collect(Collectors.toCollection(TreeSet::new));
      text.append("- %s: seeds %s%n".formatted(store, seeds));
    }
    text.append("\n| point | struck | %s |%n".formatted(String.join(" | ", stores)));
    text.append("|---|---|").append("--:|".repeat(stores.size())).append('\n');
    for (String row :
        all.stream().map(Tried::row).collect(Collectors.toCollection(LinkedHashSet::new))) {
      text.append("| ").append(row);
      stores.forEach(store -> text.append(" | ").append(cell(row, store)));
      text.append(" |\n");
    }
    all.forEach(tried ->
        tried
            .failure()
            .ifPresent(failure ->
                text.append(
                    "%n- %s, %s, seed %d: %s"
                        .formatted(tried.row(), tried.store(), tried.seed(), failure))));
    return text.append('\n').toString();
  }

  private String cell(String row, String store) {
    List<Tried> tries =
        all.stream()
            .filter(tried -> tried.row().equals(row) && tried.store().equals(store))
            .toList();
    long failed = tries.stream().filter(tried -> tried.failure().isPresent()).count();
    if (tries.isEmpty()) {
      return "";
    }
    return failed == 0
        ? Integer.toString(tries.size())
        : "**%d of %d**".formatted(failed, tries.size());
  }
}
