package dev.rouse.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgent;
import com.anthropic.models.beta.environments.BetaEnvironment;
import com.anthropic.models.beta.sessions.BetaManagedAgentsAgentWithOverridesParams;
import com.anthropic.models.beta.sessions.BetaManagedAgentsSession;
import com.anthropic.models.beta.sessions.SessionCreateParams;
import com.anthropic.models.beta.sessions.SessionListParams;
import com.anthropic.models.beta.sessions.SessionUpdateParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSessionEvent;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsStreamSessionEvents;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserMessageEventParams;
import com.anthropic.models.beta.sessions.threads.BetaManagedAgentsSessionThread;
import com.anthropic.models.beta.sessions.threads.ThreadArchiveParams;
import com.anthropic.models.beta.sessions.threads.events.EventListParams;
import com.anthropic.services.blocking.beta.sessions.ThreadService;
import dev.rouse.api.WireIds;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session's whole life through the official Java SDK, and what kubectl sees of it. */
@ExtendWith(SharedCluster.class)
@Order(6)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaSdkIT {

  private final Namespace namespace;
  private final Sdk sdk;

  JavaSdkIT(Cluster cluster) {
    this.namespace = cluster.namespace("java-sdk");
    this.sdk = new Sdk(namespace);
  }

  @AfterAll
  void close() {
    sdk.close();
  }

  @Test
  void aConversationFromItsCreationToItsHistory() {
    // Given
    BetaManagedAgentsAgent agent = sdk.agent("Talker");
    BetaEnvironment environment = sdk.environment("for-talks");
    Talk talk = sdk.session(agent, environment);

    // When
    Exchange first = talk.exchange(Talk.message("Say good morning"));
    Exchange second = talk.exchange(Talk.message("Work"));

    // Then
    assertThat(first.said()).containsExactly("You asked me to say: good morning");
    assertThat(first.stopReason().isEndTurn()).isTrue();
    assertThat(second.said()).containsExactly("I do one piece of work.", "It says: work is done");

    BetaManagedAgentsSession now = talk.now();
    assertThat(now.status()).isEqualTo(BetaManagedAgentsSession.Status.IDLE);
    assertThat(now.agent().id()).isEqualTo(agent.id());
    assertThat(now.agent().version()).isEqualTo(1);
    assertThat(now.environmentId()).isEqualTo(environment.id());

    List<String> history = talk.history(5).stream().map(BetaManagedAgentsSessionEvent::id).toList();
    assertThat(history).doesNotHaveDuplicates().containsSubsequence(first.ids());
    assertThat(history).containsSubsequence(second.ids());
    assertThat(talk.history(1000)).extracting(BetaManagedAgentsSessionEvent::id).isEqualTo(history);

    // And kubectl sees the same session, agent and environment.
    WorkSession session =
        namespace.existing(CustomResource.named(namespace, "sessions", talk.id()).name());
    assertThat(session.lines("works.log")).containsExactly("work");
    session.awaitAnswer("It says: work is done");
    assertThat(session.object().getSpec().agentRef().name())
        .isEqualTo(CustomResource.named(namespace, "agents", agent.id()).name());
    assertThat(session.object().getSpec().environmentRef().name())
        .isEqualTo(CustomResource.named(namespace, "environments", environment.id()).name());
  }

  @Test
  void aSessionThatKubectlMadeIsOneOfTheApi() {
    // Given
    WorkSession byKubectl = namespace.work("by-kubectl", "made by kubectl");
    byKubectl.awaitAnswer("Both pieces are done: made by kubectl");
    String id = WireIds.session(byKubectl.uid());

    // When
    List<BetaManagedAgentsSession> listed =
        sdk
            .client()
            .beta()
            .sessions()
            .list(SessionListParams.builder().limit(1).build())
            .autoPager()
            .stream()
            .toList();
    Exchange exchange =
        new Talk(sdk.client(), id).exchange(Talk.message("How many lines are there?"));

    // Then
    assertThat(listed)
        .extracting(BetaManagedAgentsSession::id)
        .doesNotHaveDuplicates()
        .contains(id);
    assertThat(exchange.said()).contains("works.log has 2 lines.");
    byKubectl.awaitAnswer("works.log has 2 lines.");
  }

  @Test
  void aSessionIsBornWorkingAsAnotherThanItsAgent() {
    // Given
    BetaManagedAgentsAgent agent = sdk.agent("Overridden");
    BetaEnvironment environment = sdk.environment("for-the-newborn");

    // When
    BetaManagedAgentsSession born =
        sdk.client()
            .beta()
            .sessions()
            .create(
                SessionCreateParams.builder()
                    .agent(
                        BetaManagedAgentsAgentWithOverridesParams.builder()
                            .id(agent.id())
                            .system("You are in a hurry.")
                            .build())
                    .environmentId(environment.id())
                    .addInitialEvent(
                        BetaManagedAgentsUserMessageEventParams.builder()
                            .addTextContent("Say that you were born working")
                            .build())
                    .build());

    // Then
    assertThat(born.status()).isEqualTo(BetaManagedAgentsSession.Status.RUNNING);
    assertThat(born.agent().system()).contains("You are in a hurry.");
    assertThat(born.agent().version()).isEqualTo(1);
    assertThat(sdk.client().beta().agents().retrieve(agent.id()))
        .as("the agent itself is as it was")
        .isEqualTo(agent);
    namespace
        .existing(CustomResource.named(namespace, "sessions", born.id()).name())
        .awaitAnswer("You asked me to say: that you were born working");
    assertThat(
            sdk
                .client()
                .beta()
                .sessions()
                .list(
                    SessionListParams.builder()
                        .agentId(agent.id())
                        .addStatus(SessionListParams.Status.IDLE)
                        .build())
                .autoPager()
                .stream())
        .extracting(BetaManagedAgentsSession::id)
        .containsExactly(born.id());
  }

  @Test
  void itsPrimaryThreadIsTheSessionItself() {
    // Given
    Talk talk = sdk.session(sdk.agent("Single"), sdk.environment("for-one-thread"));
    talk.exchange(Talk.message("Say one thread"));
    ThreadService threads = sdk.client().beta().sessions().threads();

    // When
    List<BetaManagedAgentsSessionThread> listed =
        threads.list(talk.id()).autoPager().stream().toList();

    // Then
    BetaManagedAgentsSessionThread thread = listed.getFirst().validate();
    assertThat(listed).hasSize(1);
    assertThat(thread.parentThreadId()).isEmpty();
    assertThat(thread.agent().asAgent().id()).isEqualTo(talk.now().agent().id());
    assertThat(thread.usage().orElseThrow().outputTokens())
        .isEqualTo(talk.now().usage().outputTokens());
    assertThat(
            threads
                .events()
                .list(thread.id(), EventListParams.builder().sessionId(talk.id()).build())
                .autoPager())
        .extracting(BetaManagedAgentsSessionEvent::id)
        .isEqualTo(talk.history(1000).stream().map(BetaManagedAgentsSessionEvent::id).toList());
    assertThat(
            catchThrowableOfType(
                BadRequestException.class,
                () ->
                    threads.archive(
                        thread.id(), ThreadArchiveParams.builder().sessionId(talk.id()).build())))
        .hasMessageContaining("primary thread");
  }

  @Test
  void whatIsNotThereYetSaysSoAtOnce() {
    // Given
    Talk talk = sdk.session(sdk.agent("Bare"), sdk.environment("for-nothing-mounted"));

    // When
    AnthropicServiceException refused =
        catchThrowableOfType(
            AnthropicServiceException.class,
            () -> sdk.client().beta().sessions().resources().list(talk.id()));

    // Then
    assertThat(refused.statusCode()).isEqualTo(501);
    assertThat(refused).hasMessageContaining("session resources are not available yet: ");
    assertThat(refused.headers().values("x-should-retry")).containsExactly("false");
  }

  @Test
  void titleAndMetadataAreChanged() {
    // Given
    Talk talk = sdk.session(sdk.agent("Titled"), sdk.environment("for-titles"));
    SessionUpdateParams change =
        SessionUpdateParams.builder()
            .title("A better title")
            .metadata(
                SessionUpdateParams.Metadata.builder()
                    .putAdditionalProperty("ticket", JsonValue.from("T-1"))
                    .build())
            .build();

    // When
    BetaManagedAgentsSession updated = sdk.client().beta().sessions().update(talk.id(), change);

    // Then
    assertThat(updated.title()).contains("A better title");
    assertThat(updated.metadata()._additionalProperties())
        .containsEntry("ticket", JsonValue.from("T-1"));
    assertThat(talk.now()).isEqualTo(updated);
    assertThat(talk.history(1000)).anyMatch(BetaManagedAgentsSessionEvent::isSessionUpdated);
    CustomResource object = CustomResource.named(namespace, "sessions", talk.id());
    assertThat(object.spec().path("title").asText()).isEqualTo("A better title");
    assertThat(object.spec().at("/metadata/ticket").asText()).isEqualTo("T-1");
  }

  @Test
  void anArchivedSessionTakesNoMoreMessagesAndCanBeDeleted() {
    // Given
    Talk talk = sdk.session(sdk.agent("Archived"), sdk.environment("for-archives"));
    talk.exchange(Talk.message("Say something before it ends"));

    // When
    BetaManagedAgentsSession archived = sdk.client().beta().sessions().archive(talk.id());
    BadRequestException refused =
        catchThrowableOfType(BadRequestException.class, () -> talk.send(Talk.message("Say more")));
    List<String> remaining = listed(false);
    List<String> withArchived = listed(true);
    String deleted = sdk.client().beta().sessions().delete(talk.id()).id();

    // Then
    assertThat(archived.status()).isEqualTo(BetaManagedAgentsSession.Status.TERMINATED);
    assertThat(archived.archivedAt()).isPresent();
    assertThat(refused).hasMessageContaining("has ended");
    assertThat(remaining).doesNotContain(talk.id());
    assertThat(withArchived).contains(talk.id());
    assertThat(deleted).isEqualTo(talk.id());
    assertThat(catchThrowableOfType(NotFoundException.class, talk::now)).isNotNull();
    assertThat(CustomResource.find(namespace, "sessions", talk.id())).isEmpty();
  }

  @Test
  void deletingEndsAnOpenStream() {
    // Given
    Talk talk = sdk.session(sdk.agent("Deleted"), sdk.environment("for-deletions"));
    talk.exchange(Talk.message("Say something before it goes"));

    // When
    List<BetaManagedAgentsStreamSessionEvents> last;
    try (StreamResponse<BetaManagedAgentsStreamSessionEvents> stream =
        sdk.client().beta().sessions().events().streamStreaming(talk.id())) {
      sdk.client().beta().sessions().delete(talk.id());
      last = stream.stream().toList();
    }

    // Then
    assertThat(last).isNotEmpty();
    assertThat(last.getLast().isSessionDeleted()).isTrue();
  }

  private List<String> listed(boolean archived) {
    SessionListParams all =
        SessionListParams.builder().limit(100).includeArchived(archived).build();
    return sdk.client().beta().sessions().list(all).autoPager().stream()
        .map(BetaManagedAgentsSession::id)
        .toList();
  }
}
