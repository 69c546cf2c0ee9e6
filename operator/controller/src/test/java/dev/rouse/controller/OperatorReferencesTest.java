package dev.rouse.controller;

import static dev.rouse.controller.fake.FakeCluster.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is missing is said, and heals when it comes. */
class OperatorReferencesTest extends OperatorScenario {

  @Test
  void aMissingReferenceIsNamedAndHeals() {
    // Given
    cluster.client().resources(Environment.class).inNamespace(NAMESPACE).withName("box").delete();
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster.server("hello", "Running", 1, null);
    await("named", () -> assertThat(condition("Ready")).isEqualTo("False EnvironmentNotFound"));
    assertThat(cluster.pods("brain")).isEmpty();
    // When
    cluster.apply(WORLD.split("---")[1]);
    // Then
    await("healed", () -> assertThat(cluster.podNames("brain")).containsExactly(brain(1)));
  }

  @Test
  void aMissingKeyIsNamedAndHeals() {
    // Given
    cluster.client().secrets().inNamespace(NAMESPACE).withName("vendor").delete();
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster.server("hello", "Running", 1, null);
    await("named", () -> assertThat(condition("Ready")).isEqualTo("False SecretMissing"));
    assertThat(cluster.pods("brain")).isEmpty();
    // When
    key();
    // Then
    await("healed", () -> assertThat(cluster.podNames("brain")).containsExactly(brain(1)));
    await("ready", () -> assertThat(condition("Ready")).isEqualTo("True Accepted"));
  }

  @Test
  void aSessionOnAnArchivedAgentIsStalledForOnlyAPersonCanHelp() {
    // Given
    cluster
        .client()
        .resources(Agent.class)
        .inNamespace(NAMESPACE)
        .withName("coder")
        .edit(agent -> {
          AgentSpec spec = agent.getSpec();
          agent.setSpec(
              new AgentSpec(
                  spec.displayName(),
                  spec.description(),
                  spec.model(),
                  spec.system(),
                  spec.tools(),
                  spec.metadata(),
                  true));
          return agent;
        });
    cluster.startOperator(Map.of());
    // When
    cluster.apply(SESSION);
    // Then
    await(
        "stalled",
        () -> {
          assertThat(condition("Ready")).isEqualTo("False AgentArchived");
          assertThat(condition("Stalled")).isEqualTo("True AgentArchived");
        });
    assertThat(cluster.pods("brain")).isEmpty();
  }

  @Test
  void anAgentWhoseToolBreaksARuleSaysSoAndItsSessionsWaitUntilItIsMended() {
    // Given
    String agent =
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Agent
        metadata: {name: coder}
        spec:
          model: {id: fast}
          tools:
          - type: custom
            name: ask
            description: Asks.
            inputSchema: {type: object, FAULT: [{type: object}]}
        """;
    respec(agent.replace("FAULT", "oneOf"));
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    await(
        "both say so",
        () -> {
          assertThat(said(coder().getStatus().conditions(), "Ready"))
              .isEqualTo("False SpecInvalid");
          assertThat(coder().getStatus().conditions().getFirst().getMessage())
              .contains("spec.tools[0].inputSchema.oneOf: is not allowed at the top");
          assertThat(condition("Ready")).isEqualTo("False AgentInvalid");
          assertThat(condition("Reconciling")).isEqualTo("True AgentInvalid");
        });
    // When
    respec(agent.replace("FAULT", "examples"));
    // Then
    await(
        "both are mended",
        () -> {
          assertThat(said(coder().getStatus().conditions(), "Ready"))
              .isEqualTo("True VersionStored");
          assertThat(condition("Ready")).isEqualTo("False WaitingForLog");
        });
  }

  @Tag("contract-absent")
  @Test
  void anAgentThatNamesWhatIsNotThereYetSaysSoWithThePageAndItsSessionsWait() {
    // Given
    respec(
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Agent
        metadata: {name: coder}
        spec:
          model: {id: fast}
          tools:
          - type: agent_toolset_20260401
            configs: [{name: web_search, enabled: true}]
        """);
    // When
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    // Then
    await(
        "both say so",
        () -> {
          assertThat(said(coder().getStatus().conditions(), "Ready"))
              .isEqualTo("False NotSupported");
          assertThat(coder().getStatus().conditions().getFirst().getMessage())
              .startsWith("spec.tools[0].configs[0].name: the tool web_search is not available yet")
              .endsWith("(docs/compatibility.md#web-search)");
          assertThat(condition("Ready")).isEqualTo("False AgentInvalid");
        });
  }

  private void respec(String agent) {
    cluster
        .client()
        .resources(Agent.class)
        .inNamespace(NAMESPACE)
        .withName("coder")
        .edit(it -> {
          it.setSpec(Serialization.unmarshal(agent, Agent.class).getSpec());
          return it;
        });
  }

  private Agent coder() {
    return cluster.client().resources(Agent.class).inNamespace(NAMESPACE).withName("coder").get();
  }

  @Test
  void agentsEnvironmentsAndProvidersSayWhatTheyAre() {
    // Given
    cluster.apply(
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Environment
        metadata: {name: closed}
        spec: {networking: {type: limited}}
        ---
        apiVersion: rouse.dev/v1alpha1
        kind: ModelProvider
        metadata: {name: another}
        spec:
          type: anthropic
          baseURL: https://api.example.org
          secretRef: {name: nowhere, key: api-key}
        ---
        apiVersion: rouse.dev/v1alpha1
        kind: ModelProvider
        metadata: {name: local}
        spec:
          type: openai
          baseURL: http://ollama.models.svc:11434
        """);
    // When
    cluster.startOperator(Map.of());
    // Then
    await(
        "all say",
        () -> {
          var client = cluster.client();
          Agent agent =
              client.resources(Agent.class).inNamespace(NAMESPACE).withName("coder").get();
          assertThat(agent.getStatus().version()).isEqualTo(1);
          assertThat(said(agent.getStatus().conditions(), "Ready")).isEqualTo("True VersionStored");
          assertThat(
                  said(
                      client
                          .resources(Environment.class)
                          .inNamespace(NAMESPACE)
                          .withName("closed")
                          .get()
                          .getStatus()
                          .conditions(),
                      "Ready"))
              .isEqualTo("True Accepted");
          assertThat(provider("vendor")).isEqualTo("True KeyFound");
          assertThat(provider("another")).isEqualTo("False SecretMissing");
          assertThat(provider("local")).isEqualTo("True NoKeyNeeded");
        });
  }

  @Test
  void aProviderThatWantsNoKeyGetsBrainsWithoutOne() {
    // Given
    cluster
        .client()
        .resources(ModelProvider.class)
        .inNamespace(NAMESPACE)
        .withName("vendor")
        .delete();
    cluster.apply(
        WORLD
            .split("---")[2]
            .replace("type: anthropic", "type: openai")
            .replaceFirst("  secretRef:.*\n", ""));
    // When
    running();
    // Then
    Pod pod = cluster.client().pods().inNamespace(NAMESPACE).withName(brain(1)).get();
    assertThat(pod.getSpec().getVolumes()).extracting(Volume::getName).doesNotContain("provider");
    assertThat(pod.getSpec().getContainers().getFirst().getEnv())
        .extracting(EnvVar::getName)
        .contains("ROUSE_PROVIDER_TYPE")
        .doesNotContain("ROUSE_PROVIDER_KEY_FILE");
  }

  @Test
  void twoDefaultsAreBothSaidAndHeal() {
    // Given
    cluster.startOperator(Map.of());
    await("alone", () -> assertThat(provider("vendor")).isEqualTo("True KeyFound"));
    cluster.apply(
        WORLD.split("---")[2].replace("metadata: {name: vendor}", "metadata: {name: second}"));
    await(
        "both",
        () -> {
          assertThat(provider("vendor")).isEqualTo("False DefaultNotUnique");
          assertThat(provider("second")).isEqualTo("False DefaultNotUnique");
        });
    // When
    cluster
        .client()
        .resources(ModelProvider.class)
        .inNamespace(NAMESPACE)
        .withName("second")
        .delete();
    // Then
    await("alone again", () -> assertThat(provider("vendor")).isEqualTo("True KeyFound"));
  }
}
