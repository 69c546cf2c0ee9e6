package dev.rouse.e2e.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.proxy.Hold;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Promises;
import dev.rouse.e2e.wire.StreamFollower;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls that wait for a person: for ever, without a pod, and whatever dies meanwhile. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(11)
class ApprovalIT {

  private static final String LOG = "asked.log";

  private final Cluster cluster;
  private final Namespace namespace;
  private final Caller editor;
  private final Caller approver;
  private ApiSession allowed;
  private Hold question;
  private ApiSession denied;
  private ApiSession two;

  ApprovalIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.trials("approvals");
    this.editor = Caller.of(namespace, "editor");
    this.approver = Caller.of(namespace, "approver");
  }

  @BeforeAll
  void askAllAtOnce() {
    allowed = ApiSession.create(editor, "asker", "allowed", "prepare: will be allowed");
    question =
        cluster
            .serverDoor()
            .hold(
                "the commit that asks",
                Hold.When.AFTER,
                request ->
                    request.path().contains(allowed.work().uid())
                        && request.path().endsWith("/commits")
                        && request.body().contains("requires_action"));
    denied = ApiSession.create(editor, "asker", "denied", "prepare: will be denied");
    two = ApiSession.create(editor, "asker", "two", "two questions");
  }

  @AfterAll
  void close() {
    editor.close();
    approver.close();
  }

  @Test
  void anAllowedCallRunsOnceThoughEverythingDiedWhileItWaited() throws Exception {
    // Given
    try (StreamFollower follower = allowed.follow(editor)) {
      question.awaitHit(WorkSession.PATIENCE);
      allowed.work().brain().kill();
      question.drop();
      cluster.kill("operator");
      cluster.kill("server");
      allowed.work().awaitAsking();
      allowed.work().awaitNoPods();

      // When
      allowed.send(approver, ApiSession.allow(waiting(allowed).getFirst()));

      // Then
      allowed.work().awaitAnswer("The command said: written before the question");
      allowed.work().awaitRest();
      assertThat(allowed.work().lines(LOG)).as("executions").containsExactly("ran");
      assertThat(allowed.work().file("before.txt"))
          .get()
          .satisfies(
              file -> assertThat(Files.readString(file)).isEqualTo("written before the question"));
      // The status trails the log: another brain may have looked in vain.
      assertThat(wakes(allowed)).as("wakes: to ask, and to go on").isBetween(2L, 3L);
      assertThat(allowed.history())
          .filteredOn(event -> event.path("type").asText().equals("user.tool_confirmation"))
          .singleElement()
          .asString()
          .as("who allowed it")
          .contains("system:serviceaccount:approvals:approver");
      Promises.assertKept(allowed, follower);
    }
  }

  @Tag("contract-sent-confirmation")
  @Tag("contract-state-denied")
  @Test
  void aDeniedCallIsNotRunAndTheModelHearsWhy() {
    // Given
    denied.work().awaitAsking();

    // When
    denied.send(approver, ApiSession.deny(waiting(denied).getFirst(), "not before lunch"));

    // Then
    denied.work().awaitAnswer("The command said: The call was denied");
    denied.work().awaitRest();
    assertThat(denied.work().lines(LOG)).as("executions").isEmpty();
    assertThat(results(denied).getLast().isError()).isTrue();
    assertThat(text(results(denied).getLast())).contains("not before lunch");
  }

  @Tag("contract-state-requires-action")
  @Test
  void ofTwoQuestionsOneAnswerLeavesTheOtherAndStartsNoPod() {
    // Given
    two.work().awaitAsking();
    two.work().awaitNoPods();
    List<String> asked = waiting(two);

    // When
    two.send(approver, ApiSession.allow(asked.getLast()));

    // Then
    assertThat(asked).hasSize(2);
    assertThat(waiting(two)).as("what it still waits for").containsExactly(asked.getFirst());
    assertThat(two.body().path("status").asText()).isEqualTo("idle");
    assertThat(two.work().pods()).isEmpty();
    two.send(approver, ApiSession.deny(asked.getFirst(), "one is enough"));
    two.work().awaitAnswer("The commands said: The call was denied");
    two.work().awaitRest();
    assertThat(two.work().lines(LOG)).as("executions").containsExactly("two");
    // A pod that the first answer had started would have woken the session.
    assertThat(wakes(two)).as("wakes: to ask, and to go on").isEqualTo(2);
  }

  /** The calls that the last idle event says it waits for. */
  private static List<String> waiting(ApiSession session) {
    JsonNode idle =
        session.history().stream()
            .filter(event -> event.path("type").asText().equals("session.status_idle"))
            .reduce((_, last) -> last)
            .orElseThrow();
    assertThat(idle.path("stop_reason").path("type").asText()).isEqualTo("requires_action");
    return idle.path("stop_reason").path("event_ids").valueStream().map(JsonNode::asText).toList();
  }

  private static long wakes(ApiSession session) {
    return session.work().log().stream()
        .filter(record -> record.event() instanceof InternalEvent.Woken)
        .count();
  }

  private static List<AgentEvent.ToolResult> results(ApiSession session) {
    return session.work().log().stream()
        .map(LogRecord::event)
        .filter(AgentEvent.ToolResult.class::isInstance)
        .map(AgentEvent.ToolResult.class::cast)
        .toList();
  }

  private static String text(AgentEvent.ToolResult result) {
    return result.content() == null ? "" : ContentBlock.textOf(result.content());
  }
}
