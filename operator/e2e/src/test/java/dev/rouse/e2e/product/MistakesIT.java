package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Kubectl;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Mistakes that people make: each is named where they look, and healed where it was made. */
@ExtendWith(SharedCluster.class)
@Order(4)
class MistakesIT {

  private static final String NAMESPACE = "mistakes";

  private static final String AGENT =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Agent
      metadata:
        name: %s
      spec:
        model: {id: %s}
        system: You do two pieces of work.
        tools:
          - type: agent_toolset_20260401
      """;

  private static final String SESSION =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Session
      metadata:
        name: %s
      spec:
        agentRef: {name: %s}
        environmentRef: {name: default}
        messages:
          - {id: first, text: "%s"}
      """;

  private final Kubectl kubectl;
  private final Namespace namespace;

  MistakesIT(Cluster cluster) {
    this.kubectl = cluster.kubectl();
    this.namespace = cluster.namespace(NAMESPACE);
  }

  @Test
  void anAgentThatIsMissing() {
    // Given
    namespace.apply(SESSION.formatted("no-agent", "latecomer", "missing agent"));
    awaitNotReady("no-agent", "Agent latecomer", "spec.agentRef.name", "does not exist");

    // When
    namespace.apply(AGENT.formatted("latecomer", "scripted-worker"));

    // Then
    awaitHealed("no-agent", "missing agent");
  }

  @Test
  void aModelThatNoProviderServes() {
    // Given
    namespace.apply(AGENT.formatted("dreamer", "scripted-worker-9"));
    namespace.apply(SESSION.formatted("no-model", "dreamer", "missing model"));
    awaitNotReady(
        "no-model", "scripted-worker-9", "spec.model.id of Agent dreamer", "ModelProvider");

    // When
    namespace.apply(AGENT.formatted("dreamer", "scripted-worker"));

    // Then
    awaitHealed("no-model", "missing model");
  }

  @Test
  void aSecretThatIsMissing() {
    // Given
    namespace.apply(
        """
        apiVersion: rouse.dev/v1alpha1
        kind: ModelProvider
        metadata:
          name: locked
        spec:
          type: anthropic
          baseURL: %s
          secretRef: {name: lost-key, key: api-key}
          models:
            - {name: locked-worker, upstreamName: scripted-worker}
        """
            .formatted(namespace.cluster().modelDoor().uri()));
    namespace.apply(AGENT.formatted("locked-out", "locked-worker"));
    namespace.apply(SESSION.formatted("no-key", "locked-out", "missing key"));
    awaitNotReady("no-key", "Secret lost-key", "ModelProvider locked", "does not exist");

    // When
    kubectl.run(
        "create", "secret", "generic", "lost-key", "--from-literal=api-key=x", "-n", NAMESPACE);

    // Then
    awaitHealed("no-key", "missing key");
  }

  @Test
  void aToolThatDoesNotExistIsRefused() {
    // When
    Kubectl.Result result =
        kubectl.tryRun(
            AGENT.formatted("carpenter", "scripted-worker")
                + "      configs:\n        - {name: hammer, enabled: true}\n",
            "apply",
            "-f",
            "-",
            "-n",
            NAMESPACE);

    // Then
    assertThat(result.exit()).isNotZero();
    assertThat(result.output()).contains("spec.tools[0].configs[0].name", "hammer", "bash", "grep");
  }

  @Test
  void aFieldOfTheWrongTypeIsRefused() {
    // When
    Kubectl.Result result =
        kubectl.tryRun(
            SESSION
                .formatted("wrong", "worker", "x")
                .replaceFirst("(?s)messages:.*", "messages: hello\n"),
            "apply",
            "-f",
            "-",
            "-n",
            NAMESPACE);

    // Then
    assertThat(result.exit()).isNotZero();
    assertThat(result.output()).contains("spec.messages");
  }

  private void awaitNotReady(String session, String... words) {
    await(session + " is not ready and says why")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(() -> {
          assertThat(condition(session, "Ready", "status")).isEqualTo("False");
          assertThat(condition(session, "Ready", "message")).contains(words);
        });
  }

  private void awaitHealed(String session, String message) {
    namespace.existing(session).awaitAnswer("Both pieces are done: " + message);
    assertThat(condition(session, "Ready", "status")).isEqualTo("True");
    assertThat(condition(session, "Reconciling", "status")).isNotEqualTo("True");
  }

  private String condition(String session, String type, String field) {
    return namespace.field(
        session, "{.status.conditions[?(@.type=='%s')].%s}".formatted(type, field));
  }
}
