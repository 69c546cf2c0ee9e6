package dev.rouse.server.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.server.FakeCluster;
import dev.rouse.server.PlannedFailures.Step;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StatusWriterTest {

  private final FakeCluster cluster = new FakeCluster();
  private final Sessions sessions = new Sessions(cluster);
  private final StatusWriter writer = new StatusWriter(cluster, sessions);
  private String uid;

  @BeforeEach
  void begin() {
    cluster.watch(sessions);
    uid = cluster.session("review").getMetadata().getUid();
  }

  private static SessionStatus wanting(int generation) {
    return ServerPart.withHands(
        new SessionStatus(
            "Running", null, null, null, null, null, List.of(), null, null, null, null, null,
            List.of()),
        new HandsWanted(generation, "key"));
  }

  @Test
  void asksAgainWithTheNewerObjectAfterAConflict() {
    // Given an object that somebody else changes under a watch that lags
    AtomicInteger asked = new AtomicInteger();
    cluster.silence(true);
    cluster.hands(uid, new Hands(1, "p", "u", null, null, null));
    // When
    writer.update(
        uid,
        session -> {
          asked.incrementAndGet();
          return Optional.of(wanting(1));
        });
    // Then
    assertThat(asked.get()).isEqualTo(2);
    assertThat(cluster.get(uid).getStatus().handsWanted().generation()).isEqualTo(1);
    assertThat(cluster.get(uid).getStatus().hands().pod()).isEqualTo("p");
  }

  @Test
  void writesNothingThatIsThereAlready() {
    // Given
    writer.update(uid, _ -> Optional.of(wanting(1)));
    // When
    writer.update(uid, _ -> Optional.of(wanting(1)));
    writer.update(uid, _ -> Optional.empty());
    // Then
    assertThat(cluster.written()).hasSize(1);
  }

  @Tag("failure-11")
  @Test
  void losesNoWriteOfManyWritersAtOnce() {
    // Given two servers, each with its own view
    Sessions others = new Sessions(cluster);
    cluster.watch(others);
    StatusWriter other = new StatusWriter(cluster, others);
    // When each raises what it finds
    List<CompletableFuture<?>> writers =
        IntStream.range(0, 8)
            .<CompletableFuture<?>>mapToObj(i ->
                CompletableFuture.runAsync(() -> {
                  for (int k = 0; k < 5; k++) {
                    raise(i % 2 == 0 ? writer : other);
                  }
                }))
            .toList();
    writers.forEach(CompletableFuture::join);
    // Then
    assertThat(cluster.get(uid).getStatus().handsWanted().generation()).isEqualTo(40);
  }

  private void raise(StatusWriter one) {
    one.update(
        uid,
        session -> {
          HandsWanted wanted = ServerPart.of(session).handsWanted();
          return Optional.of(wanting(wanted == null ? 1 : wanted.generation() + 1));
        });
  }

  @Test
  void aGoneObjectIsNoError() {
    // Given
    cluster.silence(true);
    Sessions lagging = new Sessions(cluster);
    lagging.learn(cluster.get(uid));
    cluster.delete(uid);
    // When
    // Then
    assertThat(new StatusWriter(cluster, lagging).update(uid, _ -> Optional.of(wanting(1))))
        .isEmpty();
  }

  @Test
  void givesUpWhenOthersNeverStop() {
    // Given
    cluster.failures.plan(Step.STATUS_CROWDED, 1000);
    // When
    // Then
    assertThatThrownBy(() -> writer.update(uid, _ -> Optional.of(wanting(1))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("team-a/review");
  }

  @Test
  void passesOtherFailuresOn() {
    // Given
    cluster.failures.plan(Step.STATUS, 1);
    // When
    // Then
    assertThatThrownBy(() -> writer.update(uid, _ -> Optional.of(wanting(1))))
        .isInstanceOf(KubernetesClientException.class);
  }
}
