package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What came of every case of one run over one store, for the table of {@link ChaosReport}. */
final class Verdicts {

  private static final Path DIRECTORY = Cluster.target().resolve("chaos");

  /** Of the sources; {@code make chaos} gives it. */
  private static final String REVISION = System.getProperty("rouse.revision", "unknown");

  private final String store;
  private final Lot lot;
  private final ConcurrentSkipListMap<String, Tried> verdicts = new ConcurrentSkipListMap<>();

  Verdicts(String store, Lot lot) {
    this.store = store;
    this.lot = lot;
  }

  /** Notes a case; the first failure of it counts. */
  void note(String point, String component, @Nullable Throwable failure) {
    String first = failure == null ? null : String.valueOf(failure).lines().findFirst().orElse("");
    Tried tried = new Tried(store, lot.seed(), REVISION, point, component, first);
    verdicts.merge(tried.key(), tried, (before, now) -> before.failed() ? before : now);
  }

  /** Writes {@code target/chaos/<store>-<seed>.json} if everything was run that there is. */
  void write() {
    if (!lot.whole()) {
      return;
    }
    try {
      Files.createDirectories(DIRECTORY);
      EventCodec.JSON.writeValue(
          DIRECTORY.resolve(store + "-" + lot.seed() + ".json").toFile(), verdicts.values());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What all whole runs since the last clean-up came to. */
  static List<Tried> written() throws IOException {
    List<Tried> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.sorted().toList()) {
        all.addAll(List.of(EventCodec.JSON.readValue(file.toFile(), Tried[].class)));
      }
    }
    return all;
  }
}
