package dev.rouse.e2e.kill;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What came of every case of one run over one store, for the table of {@link ChaosReport}. */
final class Verdicts {

  /** Where the files are, one a run. */
  static final Path DIRECTORY = Cluster.target().resolve("chaos");

  private final String store;
  private final Lot lot;
  private final ConcurrentSkipListMap<String, Verdict> verdicts = new ConcurrentSkipListMap<>();

  /**
   * @param failure null if all was as it must be
   */
  private record Verdict(String point, String component, @Nullable String failure) {}

  Verdicts(String store, Lot lot) {
    this.store = store;
    this.lot = lot;
  }

  /** Notes a case; the first failure of it counts. */
  void note(String point, String component, @Nullable Throwable failure) {
    String first = failure == null ? null : String.valueOf(failure).lines().findFirst().orElse("");
    verdicts.merge(
        point + " × " + component,
        new Verdict(point, component, first),
        (before, now) -> before.failure() == null ? now : before);
  }

  /** Writes {@code target/chaos/<store>-<seed>.json}. */
  void write() {
    ObjectNode file =
        EventCodec.JSON
            .createObjectNode()
            .put("store", store)
            .put("seed", lot.seed())
            .put("whole", lot.whole());
    ArrayNode cases = file.putArray("cases");
    verdicts
        .values()
        .forEach(verdict ->
            cases
                .addObject()
                .put("point", verdict.point())
                .put("component", verdict.component())
                .put("failure", verdict.failure()));
    try {
      Files.createDirectories(DIRECTORY);
      Files.writeString(
          DIRECTORY.resolve(store + "-" + lot.seed() + ".json"), file.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
