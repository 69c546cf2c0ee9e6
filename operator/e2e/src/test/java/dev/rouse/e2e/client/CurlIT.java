package dev.rouse.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The API with nothing but bash and curl, as docs/from-curl.md and examples/curl have it. */
@ExtendWith(SharedCluster.class)
@Order(6)
class CurlIT {

  @TempDir private Path directory;

  private final Cluster cluster;

  CurlIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void curlMustBeThere() {
    assumeTrue(
        new Programs(directory, Map.of()).bash("curl --version > /dev/null").isFine(),
        "SKIPPED: this machine has no curl, so docs/from-curl.md is not tried");
  }

  @Test
  void thePageDoesWhatItSays() {
    // Given
    Namespace namespace = cluster.namespace("from-curl");
    Page page = Page.at(cluster.root().resolve("docs").resolve("from-curl.md"));

    // When
    Programs.Result result = programs(namespace).bash(page.blocks("sh"));

    // Then
    assertThat(result.output())
        .contains("Published, with your permission")
        .contains("\"type\":\"session_deleted\"", "\"type\":\"environment_deleted\"");
    assertThat(result.exit()).as(result.output()).isZero();
    assertNothingIsLeftButAnArchivedAgent(namespace);
  }

  @Test
  void theProgramGoesThroughAWholeLife() {
    // Given
    Namespace namespace = cluster.namespace("curl-flow");
    Path program = cluster.root().resolve(Path.of("examples", "curl", "flow.sh"));

    // When
    Programs.Result result = programs(namespace).run(List.of("bash", program.toString()));

    // Then
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("the agent asks to be allowed sevt_")
        .contains("Published, with your permission. The note has 5 words.")
        .contains("listed under its new title");
    assertNothingIsLeftButAnArchivedAgent(namespace);
  }

  @Test
  void theProgramSaysWhatItIsRefusedFor() {
    // Given
    Namespace namespace = cluster.namespace("curl-refused");
    Path program = cluster.root().resolve(Path.of("examples", "curl", "flow.sh"));
    Map<String, String> environment = new java.util.HashMap<>(environment(namespace));
    environment.put("ROUSE_KEY", "nobody");

    // When
    Programs.Result result =
        new Programs(directory, environment).run(List.of("bash", program.toString()));

    // Then
    assertThat(result.exit()).isNotZero();
    assertThat(result.output()).contains("authentication_error");
  }

  private Programs programs(Namespace namespace) {
    return new Programs(directory, environment(namespace));
  }

  private static Map<String, String> environment(Namespace namespace) {
    return Credentials.in(namespace).environment();
  }

  private void assertNothingIsLeftButAnArchivedAgent(Namespace namespace) {
    assertThat(get(namespace, "sessions", "{.items[*].metadata.name}")).isEmpty();
    assertThat(get(namespace, "environments", "{.items[*].metadata.name}")).isEqualTo("default");
    assertThat(
            get(namespace, "agents", "{.items[?(@.spec.displayName=='Publisher')].spec.archived}"))
        .isEqualTo("true");
  }

  private String get(Namespace namespace, String kind, String path) {
    return cluster
        .kubectl()
        .run("get", kind + ".rouse.dev", "-n", namespace.name(), "-o", "jsonpath=" + path);
  }
}
