package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.SharedCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cache that does not fit is passed over without a word, and all that is left is a slow start.
 */
@ExtendWith(SharedCluster.class)
class CachesIT {

  private final Cluster cluster;

  CachesIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void serverAndOperatorRunFromTheirAheadOfTimeCaches() throws Exception {
    // Given
    Map<String, List<String>> mapped = new TreeMap<>();
    // When
    for (String component : List.of("server", "operator")) {
      mapped.put(component, mapped(component));
    }
    // Then
    assertThat(mapped)
        .allSatisfy((_, files) -> assertThat(files).anyMatch(file -> file.endsWith(".aot")));
  }

  /** The files that a component has in its memory. */
  private List<String> mapped(String component) throws Exception {
    long pid = cluster.launcher().component(component).current().pid();
    return Files.readAllLines(Path.of("/proc/" + pid + "/maps"));
  }
}
