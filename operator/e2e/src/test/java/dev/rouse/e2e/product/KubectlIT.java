package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Kubectl;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session's whole life with kubectl and nothing else. */
@ExtendWith(SharedCluster.class)
@Order(3)
class KubectlIT {

  private static final String NAMESPACE = "kubectl";

  private static final String SESSION =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Session
      metadata:
        name: %s
      spec:
        agentRef: {name: worker}
        environmentRef: {name: default}
        title: By hand
        messages:
          - {id: first, text: "%s"}
      """;

  private final Kubectl kubectl;
  private final Namespace namespace;

  KubectlIT(Cluster cluster) {
    this.kubectl = cluster.kubectl();
    this.namespace = cluster.namespace(NAMESPACE);
  }

  @BeforeEach
  void removeFormerSessions() {
    kubectl.run("delete", "sessions.rouse.dev", "--all", "-n", NAMESPACE, "--timeout=60s");
  }

  @Test
  void aSecondMessageIsAnsweredFromTheFilesOfTheFirstThoughNoPodWasLeft() {
    // Given
    namespace.apply(SESSION.formatted("talk", "one at a time"));
    WorkSession session = namespace.existing("talk");
    session.awaitAnswer("Both pieces are done: one at a time");
    assertThat(namespace.field("talk", "{.status.log.tail[*]}"))
        .contains("user: one at a time")
        .contains("bash: echo first >> works.log")
        .contains("agent: Both pieces are done: one at a time");
    session.awaitNoPods();

    // When
    namespace.apply(
        SESSION.formatted("talk", "one at a time")
            + "    - {id: second, text: \"How many lines are there?\"}\n");

    // Then
    session.awaitAnswer("works.log has 2 lines.");
    assertThat(kubectl.run("get", "sessions.rouse.dev", "talk", "-n", NAMESPACE).lines().toList())
        .satisfiesExactly(
            header ->
                assertThat(header).matches("NAME +AGENT +PHASE +STOP REASON +EVENTS +COST +AGE"),
            row -> assertThat(row).matches("talk +worker +Idle +end_turn +\\d+ +\\S+"));
    assertThat(kubectl.run("get", "sessions.rouse.dev", "talk", "-n", NAMESPACE, "-o", "wide"))
        .contains("TITLE", "BRAIN POD", "HANDS POD", "TOKENS", "By hand");
  }

  @Test
  void whatHappensNowCanBeSeen() throws Exception {
    // Given
    namespace.apply(SESSION.formatted("shown", "please hold"));
    WorkSession session = namespace.existing("shown");
    await("the second call waits at its gate")
        .atMost(WorkSession.PATIENCE)
        .until(() -> session.file("gate").isPresent());
    String brain = namespace.field("shown", "{.status.harness.pod}");
    String hands = namespace.field("shown", "{.status.hands.pod}");

    // When
    String logs = kubectl.run("logs", brain, "-n", NAMESPACE);
    String description = kubectl.run("describe", "sessions.rouse.dev", "shown", "-n", NAMESPACE);

    // Then
    assertThat(logs).contains("Woke");
    assertThat(description).contains("BrainStarted", brain, "HandsStarted", hands, "Running");
    assertThat(namespace.field("shown", "{.status.conditions[?(@.type=='Ready')].status}"))
        .isEqualTo("True");
    assertThat(kubectl.run("explain", "session.spec.messages", "--api-version=rouse.dev/v1alpha1"))
        .contains("delivered once per id");
    Files.writeString(session.file("gate").orElseThrow(), "go on\n");
    session.awaitAnswer("Both pieces are done: please hold");
  }

  @Test
  void deletingLeavesNothingAndTheNameBeginsAnew() {
    // Given
    namespace.apply(SESSION.formatted("gone", "the first life"));
    WorkSession former = namespace.existing("gone");
    former.awaitAnswer("Both pieces are done: the first life");
    Path volume = former.volume().orElseThrow();
    assertThat(volume).isDirectory();

    // When
    kubectl.run("delete", "sessions.rouse.dev", "gone", "-n", NAMESPACE, "--timeout=60s");
    namespace.apply(SESSION.formatted("gone", "the second life"));

    // Then
    WorkSession session = namespace.existing("gone");
    assertThat(session.uid()).isNotEqualTo(former.uid());
    session.awaitAnswer("Both pieces are done: the second life");
    List<LogRecord> log = session.log();
    assertThat(log.getFirst().event()).isInstanceOf(InternalEvent.Created.class);
    assertThat(log.toString()).contains("the second life").doesNotContain("the first life");
    assertThat(session.lines("works.log")).containsExactly("first", "second");
    await("nothing of the first life is left")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> {
          assertThat(labelled("configmaps", Rouse.LOG_LABEL, former.uid())).isEmpty();
          assertThat(labelled("pods,pvc", Rouse.SESSION_LABEL, former.uid())).isEmpty();
          assertThat(volume).doesNotExist();
        });
  }

  private List<String> labelled(String kinds, String label, String value) {
    return kubectl
        .run("get", kinds, "-n", NAMESPACE, "-l", label + "=" + value, "-o", "name")
        .lines()
        .toList();
  }
}
