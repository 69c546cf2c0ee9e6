package dev.rouse.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.ConflictException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.models.beta.agents.AgentListParams;
import com.anthropic.models.beta.agents.AgentRetrieveParams;
import com.anthropic.models.beta.agents.AgentUpdateParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgent;
import com.anthropic.models.beta.environments.BetaEnvironment;
import com.anthropic.models.beta.environments.EnvironmentUpdateParams;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Agents and environments through the official Java SDK, and what kubectl sees of them. */
@ExtendWith(SharedCluster.class)
@Order(6)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaSdkAgentsIT {

  private final Namespace namespace;
  private final Sdk sdk;

  JavaSdkAgentsIT(Cluster cluster) {
    this.namespace = cluster.namespace("java-sdk-agents");
    this.sdk = new Sdk(namespace);
  }

  @AfterAll
  void close() {
    sdk.close();
  }

  @Test
  void anAgentIsShownWithAllThatHoldsForIt() {
    // When
    BetaManagedAgentsAgent agent = sdk.carefulAgent("Shown");

    // Then
    assertThat(agent.version()).isEqualTo(1);
    assertThat(agent.name()).isEqualTo("Shown");
    assertThat(agent.model().id().asString()).isEqualTo("scripted-errand");
    assertThat(agent.model().effort()).isPresent();
    assertThat(agent.tools())
        .singleElement()
        .satisfies(tool -> {
          assertThat(tool.asAgentToolset20260401().configs())
              .satisfiesExactly(
                  bash -> assertThat(bash.asBash().permissionPolicy().isAlwaysAsk()).isTrue(),
                  fetch -> assertThat(fetch.asWebFetch().enabled()).isFalse(),
                  search -> assertThat(search.asWebSearch().enabled()).isFalse());
          assertThat(
                  tool.asAgentToolset20260401().defaultConfig().permissionPolicy().isAlwaysAllow())
              .isTrue();
        });
    assertThat(sdk.client().beta().agents().retrieve(agent.id())).isEqualTo(agent);
    CustomResource object = CustomResource.named(namespace, "agents", agent.id());
    assertThat(object.spec().path("displayName").asText()).isEqualTo("Shown");
    assertThat(object.spec().at("/model/id").asText()).isEqualTo("scripted-errand");
    assertThat(object.spec().at("/tools/0/configs/0/permissionPolicy/type").asText())
        .isEqualTo("always_ask");
  }

  @Test
  void everyEffectiveUpdateIsAVersionAndAStaleOneIsRefused() {
    // Given
    BetaManagedAgentsAgent first = sdk.agent("Versioned");

    // When
    BetaManagedAgentsAgent second =
        update(first.id(), AgentUpdateParams.builder().version(1).system("Be brief.").build());
    BetaManagedAgentsAgent same =
        update(first.id(), AgentUpdateParams.builder().version(2).system("Be brief.").build());
    ConflictException stale =
        catchThrowableOfType(
            ConflictException.class,
            () ->
                update(
                    first.id(), AgentUpdateParams.builder().version(1).system("Or not.").build()));

    // Then
    assertThat(second.version()).isEqualTo(2);
    assertThat(same).isEqualTo(second);
    assertThat(stale.errorType().orElseThrow().asString()).isEqualTo("conflict_error");
    assertThat(stale.requestId()).isPresent();
    List<BetaManagedAgentsAgent> versions =
        sdk.client().beta().agents().versions().list(first.id()).autoPager().stream().toList();
    assertThat(versions).containsExactly(second, first);
    assertThat(
            sdk.client()
                .beta()
                .agents()
                .retrieve(first.id(), AgentRetrieveParams.builder().version(1).build()))
        .isEqualTo(first);
    assertThat(CustomResource.named(namespace, "agents", first.id()).spec().path("system").asText())
        .isEqualTo("Be brief.");
  }

  @Test
  void anArchivedAgentBeginsNoSession() {
    // Given
    BetaManagedAgentsAgent agent = sdk.agent("Retired");
    BetaEnvironment environment = sdk.environment("for-the-retired");

    // When
    BetaManagedAgentsAgent archived = sdk.client().beta().agents().archive(agent.id());

    // Then
    assertThat(archived.archivedAt()).isPresent();
    assertThat(sdk.client().beta().agents().archive(agent.id())).isEqualTo(archived);
    assertThat(
            catchThrowableOfType(BadRequestException.class, () -> sdk.session(agent, environment)))
        .hasMessageContaining("archived");
    assertThat(listed(false)).doesNotContain(agent.id());
    assertThat(listed(true)).contains(agent.id());
  }

  @Test
  void anEnvironmentKeepsWhatKubectlSaidAndGoesOnlyWhenNoSessionNeedsIt() {
    // Given
    BetaEnvironment environment = sdk.environment("kept");
    Talk talk = sdk.session(sdk.agent("User"), environment);

    // When
    BetaEnvironment updated =
        sdk.client()
            .beta()
            .environments()
            .update(
                environment.id(),
                EnvironmentUpdateParams.builder().description("For tests.").build());
    BadRequestException needed =
        catchThrowableOfType(
            BadRequestException.class,
            () -> sdk.client().beta().environments().delete(environment.id()));
    sdk.client().beta().sessions().delete(talk.id());
    String deleted = sdk.client().beta().environments().delete(environment.id()).id();

    // Then
    assertThat(updated.description()).contains("For tests.");
    assertThat(needed).hasMessageContaining("session");
    assertThat(deleted).isEqualTo(environment.id());
    assertThat(
            catchThrowableOfType(
                NotFoundException.class,
                () -> sdk.client().beta().environments().retrieve(environment.id())))
        .isNotNull();
  }

  @Test
  void anEnvironmentUpdateLeavesFieldsThatTheApiDoesNotKnow() {
    // Given
    BetaEnvironment environment = sdk.environment("with-linger");

    // When
    sdk.client()
        .beta()
        .environments()
        .update(
            environment.id(), EnvironmentUpdateParams.builder().description("Changed.").build());

    // Then
    CustomResource object = CustomResource.named(namespace, "environments", environment.id());
    assertThat(object.spec().path("description").asText()).isEqualTo("Changed.");
    assertThat(object.spec().path("linger").asText()).isEqualTo("PT1S");
    assertThat(object.spec().at("/workspace/size").asText()).isEqualTo("10Mi");
  }

  private BetaManagedAgentsAgent update(String id, AgentUpdateParams change) {
    return sdk.client().beta().agents().update(id, change);
  }

  private List<String> listed(boolean archived) {
    AgentListParams all = AgentListParams.builder().limit(1).includeArchived(archived).build();
    return sdk.client().beta().agents().list(all).autoPager().stream()
        .map(BetaManagedAgentsAgent::id)
        .toList();
  }
}
