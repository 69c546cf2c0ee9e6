package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.SessionStatus;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Phase;
import dev.rouse.session.UserEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a status is written: at once if it says something new, and else after a pause. */
class StatusPaceTest {

  private static final Duration STATUS_EVERY = Duration.ofMillis(200);

  private final FakeCluster cluster = new FakeCluster();
  private final FakeReviews reviews = new FakeReviews();
  private final InMemoryLogStore store = new InMemoryLogStore();
  private InProcessServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  private SessionStatus status(String uid) {
    return ServerPart.of(cluster.get(uid));
  }

  private void awaitPhase(String uid, Phase phase) {
    await("phase " + phase)
        .untilAsserted(() -> assertThat(status(uid).phase()).isEqualTo(phase.title()));
  }

  @Test
  void spacesOutStatusesThatNobodyWaitsFor() throws Exception {
    // Given a session at work, in the pause after a status, which lasts until the clock is moved
    MovableClock clock = new MovableClock();
    String uid = working(clock);
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid)) {
      brain.wake();
      int before = cluster.written().size();
      for (int i = 0; i < 20; i++) {
        brain.commit("c" + i, List.of(FakeBrain.message("step " + i)));
      }
      // When, then
      assertOneTellsOfAll(clock, uid, before);
    }
  }

  @Test
  void anInputOfWhichOnlyTheHeadTellsWaits() throws Exception {
    // Given a session at work: what it is told is queued
    MovableClock clock = new MovableClock();
    String uid = working(clock);
    int before = cluster.written().size();
    for (int i = 0; i < 20; i++) {
      UserEvent.Message message =
          new UserEvent.Message("sevt_" + i, List.of(ContentBlock.text("and " + i)));
      server.logs.of(LogKeys.of(cluster.get(uid))).receive("m" + i, "ci", List.of(message));
      server.keeper.appended(uid);
    }
    // When, then
    assertOneTellsOfAll(clock, uid, before);
  }

  @Test
  void showsTheEndOfATurnWithoutThePause() throws Exception {
    // Given a clock that stands still
    String uid = working(new MovableClock());
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid)) {
      brain.wake();
      int before = cluster.written().size();
      // When
      brain.turn("turn", FakeBrain.queued(brain.records(0)), "done");
      // Then
      awaitPhase(uid, Phase.IDLE);
      awaitLastStatus(uid);
      assertThat(cluster.written()).hasSize(before + 1);
    }
  }

  /** A session that has a brain, and whose status was written just now. */
  private String working(MovableClock clock) throws Exception {
    cluster.withReferences();
    server =
        new InProcessServer(cluster, reviews, store, Duration.ofMillis(100), STATUS_EVERY, clock);
    reviews.pod("brain", FakeCluster.NAMESPACE, "pod-1");
    String uid = cluster.session("review", "one").getMetadata().getUid();
    awaitPhase(uid, Phase.RUNNING);
    cluster.harness(uid, "pod-1");
    return uid;
  }

  /**
   * None is written before the clock moves. A look that was under way just then may still tell of a
   * little less; the next one has to wait for its pause as well.
   */
  private void assertOneTellsOfAll(MovableClock clock, String uid, int before) {
    assertThat(cluster.written()).hasSize(before);
    long head = server.state(uid).head();
    await("the last status")
        .untilAsserted(() -> {
          clock.forward(STATUS_EVERY);
          assertThat(status(uid).log().head()).isEqualTo(head);
        });
    assertThat(cluster.written()).hasSizeBetween(before + 1, before + 2);
  }

  private void awaitLastStatus(String uid) {
    long head = server.state(uid).head();
    await("the last status")
        .untilAsserted(() -> assertThat(status(uid).log().head()).isEqualTo(head));
  }
}
