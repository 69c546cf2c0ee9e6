package dev.rouse.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A history that outgrows its model's context while brain and server are killed: it is summarised
 * once, the model goes on with the summary, and no record of the log is lost or changed.
 */
@ExtendWith(SharedCluster.class)
@Order(3)
class CompactionIT {

  private static final String OBJECTS =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: ModelProvider
      metadata: {name: narrow, namespace: %1$s}
      spec:
        type: anthropic
        baseURL: %2$s
        secretRef: {name: model-key, key: api-key}
        models:
          - name: scripted-rememberer
            maxTokens: 1000
            contextWindow: 3000
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: Agent
      metadata: {name: rememberer, namespace: %1$s}
      spec:
        model: {id: scripted-rememberer}
        system: You remember.
      """;

  private final Cluster cluster;

  CompactionIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Tag("contract-event-compacted")
  @Test
  void deathsDuringASummaryCostItAndNothingElse() throws Exception {
    // Given
    Namespace namespace = cluster.trials("compaction");
    cluster.apply(OBJECTS.formatted(namespace.name(), cluster.modelDoor().uri()));
    try (Caller editor = Caller.of(namespace, "editor")) {
      String list = "and one more thing, ".repeat(500);
      ApiSession session =
          ApiSession.create(
              editor, "rememberer", "remembers", "The word is heron. Here is a list: " + list);
      session.work().awaitAnswer("Noted.");
      List<JsonNode> before = session.history();

      // When
      session.send(ApiSession.message("What was the word?"));
      awaitSummaries(1);
      session.work().brain().kill();
      awaitSummaries(2);
      cluster.kill("server");
      cluster.awaitServer();
      session.work().awaitAnswer("It was heron.");

      // Then
      List<JsonNode> after = session.history();
      assertThat(after.subList(0, before.size())).isEqualTo(before);
      assertThat(types(after.subList(before.size(), after.size())))
          .containsOnlyOnce("agent.thread_context_compacted")
          .containsSubsequence(
              "user.message",
              "agent.thread_context_compacted",
              "agent.message",
              "session.status_idle");
      assertThat(session.work().log().stream().map(LogRecord::event))
          .filteredOn(InternalEvent.Compacted.class::isInstance)
          .singleElement()
          .satisfies(it ->
              assertThat(((InternalEvent.Compacted) it).summary()).contains("the word is heron"));
      assertThat(cluster.modelBooks().faults()).noneMatch(it -> it.contains("rememberer"));
    }
  }

  private void awaitSummaries(int calls) {
    await("summary " + calls + " is being written")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> cluster.modelBooks().callsOf("scripted-rememberer", "summary") >= calls);
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.path("type").asText()).toList();
  }
}
