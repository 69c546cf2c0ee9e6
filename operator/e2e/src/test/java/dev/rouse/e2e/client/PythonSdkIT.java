package dev.rouse.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.RouseCommand;
import dev.rouse.e2e.cluster.SharedCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** Lets a program that works for ever end when somebody says so. */
  private static final String UNTIL_TOLD =
      """
      import os, threading, time
      def watch():
          while not os.path.exists("stop"):
              time.sleep(0.2)
          os._exit(0)
      threading.Thread(target=watch, daemon=True).start()
      """;

  @Test
  void theWorkerOfThePageServesItsExample() throws Exception {
    // Given
    python(); // Its installation is no part of the time in which the worker has to answer.
    Namespace namespace = cluster.namespace("self-hosted");
    for (String example : List.of("01-first-session.yaml", "05-self-hosted.yaml")) {
      cluster
          .kubectl()
          .run(
              "apply",
              "-f",
              cluster.root().resolve("examples").resolve(example).toString(),
              "-n",
              namespace.name());
    }
    RouseCommand.Result made =
        RouseCommand.of(cluster)
            .run(
                Map.of(),
                "environment-key",
                "create",
                "--environment",
                "farm",
                "-n",
                namespace.name());
    Matcher id = Pattern.compile("id (env_\\w+)").matcher(made.err());
    assertThat(id.find()).as(made.err()).isTrue();
    String program =
        UNTIL_TOLD
            + Page.at(cluster.root().resolve("docs").resolve("self-hosted.md")).blocks("python");
    CompletableFuture<Programs.Result> worker =
        CompletableFuture.supplyAsync(() ->
            play(
                namespace,
                program,
                Map.of(
                    "ANTHROPIC_ENVIRONMENT_ID",
                    id.group(1),
                    "ANTHROPIC_ENVIRONMENT_KEY",
                    made.out().strip())));

    // When
    try {
      namespace.existing("hello-farm").awaitAnswer("My tools run on Linux");
    } finally {
      Files.createFile(directory.resolve("stop"));
    }

    // Then
    assertThat(worker.get().exit()).as(worker.get().output()).isZero();
    assertThat(namespace.existing("hello-farm").status().hands()).isNull();
  }

  private Page page() {
    return Page.at(cluster.root().resolve("docs").resolve("from-python.md"));
  }

  private Programs.Result play(Namespace namespace, String text) {
    return play(namespace, text, Map.of());
  }

  private Programs.Result play(Namespace namespace, String text, Map<String, String> more) {
    Path python = python();
    Credentials credentials = Credentials.in(namespace);
    Map<String, String> environment = new HashMap<>(more);
    environment.put("ANTHROPIC_BASE_URL", credentials.url().toString());
    environment.put("ANTHROPIC_API_KEY", credentials.key());
    environment.put("SSL_CERT_FILE", credentials.ca().toString());
    Programs programs = new Programs(directory, environment);
    try {
      Path program = Files.writeString(directory.resolve("program.py"), text);
      return programs.run(List.of(python.toString(), "-W", "error", program.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A Python that has the SDK, made once and kept with the other things that were built. */
  private Path python() {
    String sdk = page().find("pip install (anthropic==\\S+)");
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
