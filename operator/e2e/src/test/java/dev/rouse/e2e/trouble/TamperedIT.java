package dev.rouse.e2e.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.process.Signal;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Request;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Somebody with all rights, whom admission lets through, changes, removes or makes objects that are
 * Rouse's. A second server stands still all the time, with two appends half done.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(21)
class TamperedIT {

  private static final int LAST = Integer.MAX_VALUE;

  private final Cluster cluster;
  private final Namespace namespace;
  private final Table table;
  private Caller caller;
  private Sleeper sleeper;

  TamperedIT(Cluster cluster) throws IOException {
    this.cluster = cluster;
    this.namespace = cluster.trials("trouble-tampered");
    this.table = Table.of(cluster);
  }

  @BeforeAll
  void putOneServerToSleep() throws Exception {
    cluster.awaitServer();
    caller = Caller.of(namespace, "editor", List.of(cluster.serverUrl()));
    sleeper = Sleeper.fallAsleep(cluster, namespace, caller);
  }

  @AfterAll
  void close() throws IOException {
    sleeper.close();
    caller.close();
  }

  /** More than the tail of a log takes, however well it is packed. */
  private static String longMessage() {
    return "say "
        + new Random(7)
            .ints(24_000, 0, 62)
            .mapToObj(
                i -> "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".charAt(i))
            .map(String::valueOf)
            .collect(Collectors.joining());
  }

  @Test
  void theTailIsDamaged() throws Exception {
    // Given
    try (Listener listener = Listener.resting(caller, "tail-damaged", "say something")) {
      LogObject tail = LogObject.tail(listener.work());

      // When
      tail.damage();

      // Then
      heals(10, "the ConfigMap that is the log has a byte turned", listener, tail);
    }
  }

  @Test
  void aSegmentIsDamaged() throws Exception {
    // Given
    try (Listener listener = Listener.resting(caller, "segment-damaged", longMessage())) {
      LogObject segment = LogObject.segment(listener.work());

      // When
      segment.damage();

      // Then
      heals(11, "a sealed segment of the log has a byte turned", listener, segment);
    }
  }

  @Test
  void theTailIsRemoved() throws Exception {
    // Given
    try (Listener listener = Listener.resting(caller, "tail-removed", "say something")) {
      LogObject tail = LogObject.tail(listener.work());

      // When
      tail.remove();

      // Then
      heals(12, "the ConfigMap that is the log was deleted", listener, tail);
    }
  }

  private void heals(int order, String fault, Listener listener, LogObject object)
      throws Exception {
    List<String> saw = new ArrayList<>();
    saw.add(listener.lookAtHistory());
    Request more = listener.saying("say more");
    saw.add(listener.look(more));
    assertThat(saw)
        .allSatisfy(words -> assertThat(words).contains("500 api_error (clients give up"));
    awaitCondition(listener.views(), "LogCorrupt");
    saw.addAll(listener.views().conditions());
    saw.add(listener.views().columns());
    try (Listener other = Listener.resting(caller, "beside-" + order, "say something else")) {
      other.judge();
    }

    object.putBack();
    Instant ended = Instant.now();
    CompletableFuture<Ack> sending = listener.send(more);
    Row row = listener.recovered(order, fault, saw, sending, ended);
    await("nothing is said of the damage any more")
        .atMost(WorkSession.PATIENCE)
        .untilAsserted(() -> assertThat(listener.views().conditions()).isEmpty());
    table.add(row);
  }

  private static void awaitCondition(Views views, String text) {
    await("a condition says " + text)
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> assertThat(views.conditions()).anyMatch(condition -> condition.contains(text)));
  }

  @Tag("failure-20")
  @Test
  void theNameOfTheLogIsTaken() throws Exception {
    // Given
    var server = cluster.launcher().component("server").current();
    server.signal(Signal.STOP);
    WorkSession session;
    try (KubernetesClient writer = LogObject.writer(cluster)) {
      session = namespace.work("log-name-taken", "say: log-name-taken");
      writer
          .configMaps()
          .inNamespace(namespace.name())
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withName("rouse-" + session.uid())
                  .endMetadata()
                  .addToData("color", "blue")
                  .build())
          .create();
    } finally {
      server.signal(Signal.CONT);
    }

    // When
    Views views = new Views(session);
    awaitCondition(views, "LogCorrupt");
    List<String> saw = new ArrayList<>(views.conditions());
    saw.add(views.columns());
    cluster
        .client()
        .configMaps()
        .inNamespace(namespace.name())
        .withName("rouse-" + session.uid())
        .delete();

    // Then
    assertThat(saw.toString()).contains("somebody else made it").contains("delete that ConfigMap");
    table.add(answered(13, "a foreign ConfigMap has the name of the log", session, saw));
  }

  @Tag("failure-20")
  @Test
  void theNameOfTheBrainIsTaken() throws Exception {
    // Given
    namespace.apply(
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Session
        metadata:
          name: brain-name-taken
        spec:
          agentRef:
            name: worker
          environmentRef:
            name: default
          suspend: true
          messages:
            - id: first
              text: "say: brain-name-taken"
        """);
    WorkSession session = namespace.existing("brain-name-taken");
    String pod = "brain-name-taken-%s-brain-1".formatted(session.uid().substring(0, 8));
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
        spec:
          nodeSelector:
            nowhere: "true"
          containers:
            - name: somebody-elses
              image: somebody-elses
        """
            .formatted(pod));

    // When
    cluster
        .kubectl()
        .run(
            "patch",
            "sessions.rouse.dev",
            session.name(),
            "-n",
            namespace.name(),
            "--type=merge",
            "-p",
            "{\"spec\":{\"suspend\":false}}");
    Views views = new Views(session);
    awaitCondition(views, "NameTaken");
    List<String> saw = new ArrayList<>(views.conditions());
    saw.add(views.columns());
    session.removePod(pod);

    // Then
    assertThat(saw.toString()).contains(pod.replace(session.name(), "").substring(10));
    table.add(answered(14, "a foreign pod has the name of the brain's", session, saw));
  }

  private static Row answered(int order, String fault, WorkSession session, List<String> saw) {
    Instant ended = Instant.now();
    session.awaitAnswer("Both pieces are done: say: " + session.name());
    Duration rested = Duration.between(ended, Instant.now());
    assertThat(session.lines("works.log")).containsExactly("first", "second");
    return new Row(order, fault, saw, null, rested, "0 and 0, 2 executions");
  }

  @Tag("failure-4")
  @Test
  @Order(LAST)
  void aServerThatStoodStillGoesOnWithTheRightAnswers() throws Exception {
    // When
    Row row = sleeper.wakeUp();

    // Then
    table.add(row);
  }
}
