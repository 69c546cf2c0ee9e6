package dev.rouse.e2e.enforcer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The table of one node, as the kernel has it. */
record KernelTable(EnforcedNode node) {

  private static final long LONGEST_SECONDS = 20;

  /** Replaces it: in one transaction, so that no packet meets half of it. */
  void load(String table) {
    String replace =
        "table inet %s {\n}\ndelete table inet %s\n".formatted(Ruleset.TABLE, Ruleset.TABLE);
    nft(replace + table, "-f", "-");
  }

  /** What is loaded, without the values of counters. */
  String read() {
    return nft("", "-s", "list", "table", "inet", Ruleset.TABLE);
  }

  /** Two texts that say the same are equal so: nft breaks long sets over lines. */
  static String normal(String table) {
    return table
        .lines()
        .map(String::strip)
        .collect(Collectors.joining(" "))
        .replaceAll("\\s+", " ");
  }

  private String nft(String input, String... arguments) {
    List<String> command = new ArrayList<>(node.inside());
    command.add("nft");
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "%s failed:\n%s\n%s".formatted(String.join(" ", command), output, input));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while nft ran", e);
    }
  }
}
