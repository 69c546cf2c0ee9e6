package dev.rouse.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The page for users of the official Python SDK, every line of it. */
@ExtendWith(SharedCluster.class)
@Order(6)
class PythonSdkIT {

  private static final String IS_NEW_ENOUGH =
      "python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'";

  /** The README is for those who have seen an agent and an environment. */
  private static final String BEFORE_THE_README =
      """
      import anthropic
      first = anthropic.Anthropic()
      agent = first.beta.agents.create(
          name="Greeter", model="scripted-hello", tools=[{"type": "agent_toolset_20260401"}]
      )
      environment = first.beta.environments.create(name="readme")
      """;

  @TempDir private Path directory;

  private final Cluster cluster;

  PythonSdkIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void thePageDoesWhatItSays() {
    // Given
    Namespace namespace = cluster.namespace("from-python");

    // When
    Programs.Result result = play(namespace, page().blocks("python"));

    // Then
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("agent: Published, with your permission. The note has 5 words.")
        .contains("agent: public/note.txt says: Rouse asks before it publishes.")
        .contains("idle A published note")
        .contains("session.usage", "span.model_request_end", "user.tool_confirmation")
        .contains("somebody was faster: ");
    assertThat(
            cluster
                .kubectl()
                .run("get", "sessions.rouse.dev", "-n", namespace.name(), "-o", "name"))
        .isEmpty();
  }

  @Test
  void theReadmeDoesWhatItSays() {
    // Given
    Page readme = Page.at(cluster.root().resolve("README.md"));

    // When
    Programs.Result result =
        play(cluster.namespace("readme"), BEFORE_THE_README + readme.blocks("python"));

    // Then
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output().lines())
        .contains("session.status_running", "user.message", "agent.tool_use", "agent.tool_result")
        .endsWith("session.status_idle");
  }

  private Page page() {
    return Page.at(cluster.root().resolve("docs").resolve("from-python.md"));
  }

  private Programs.Result play(Namespace namespace, String text) {
    Path python = pythonWith(page().find("pip install (anthropic==\\S+)"));
    Credentials credentials = Credentials.in(namespace);
    Programs programs =
        new Programs(
            directory,
            Map.of(
                "ANTHROPIC_BASE_URL", credentials.url().toString(),
                "ANTHROPIC_API_KEY", credentials.key(),
                "SSL_CERT_FILE", credentials.ca().toString()));
    try {
      Path program = Files.writeString(directory.resolve("program.py"), text);
      return programs.run(List.of(python.toString(), "-W", "error", program.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A Python that has the SDK, made once and kept with the other things that were built. */
  private Path pythonWith(String sdk) {
    Programs programs = new Programs(directory, Map.of());
    assumeTrue(
        programs.bash(IS_NEW_ENOUGH).isFine(),
        "SKIPPED: this machine has no python3 of version 3.10 or newer with venv,"
            + " so docs/from-python.md is not tried");
    Path home =
        cluster.root().resolve(Path.of("operator", "e2e", "target", sdk.replace("==", "-")));
    Path done = home.resolve("complete");
    if (!Files.exists(done)) {
      Programs.Result installed =
          programs.bash(
              """
              python3 -m venv --clear '%1$s'
              '%1$s/bin/python' -m pip install --quiet --disable-pip-version-check '%2$s'
              touch '%3$s'
              """
                  .formatted(home, sdk, done));
      assumeTrue(
          installed.isFine(),
          "SKIPPED: pip cannot install %s, so docs/from-python.md is not tried: %s"
              .formatted(sdk, installed.output()));
    }
    return home.resolve("bin").resolve("python");
  }
}
