package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.WireIds;
import dev.rouse.server.work.WorkItem;
import dev.rouse.session.AgentEvent;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A session has an item while it has work for a worker, whatever happens to servers and Leases. */
class WorkKeeperTest extends WorkFixture {

  private Lease lease() {
    return cluster.work.all().getFirst();
  }

  @Test
  void anItemIsALeaseOfTheSessionThatGoesWithIt() {
    // When
    String uid = waiting(FakeBrain.bash("make"));
    awaitState(uid, "queued");
    // Then
    assertThat(lease().getMetadata().getName()).isEqualTo("rouse-work-" + uid);
    assertThat(lease().getMetadata().getNamespace()).isEqualTo(FakeCluster.NAMESPACE);
    assertThat(lease().getMetadata().getLabels()).containsEntry(Rouse.WORK_LABEL, uid);
    assertThat(lease().getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getKind()).isEqualTo("Session");
          assertThat(owner.getUid()).isEqualTo(uid);
        });
  }

  @Test
  void aSessionWithoutWorkForAWorkerHasNone() {
    // Given
    AgentEvent.CustomToolUse custom =
        new AgentEvent.CustomToolUse(IDS.event(), "lookup", FakeBrain.bash("x").input(), null);
    // When
    String cloud = waiting("cloud", "sandbox", FakeBrain.bash("make"));
    String own = waiting("own", "farm", custom);
    await("both are told")
        .until(() ->
            cluster.get(cloud).getStatus().stopReason() != null
                && cluster.get(own).getStatus().stopReason() != null);
    // Then
    assertThat(cluster.work.all()).isEmpty();
    assertThat(cluster.get(own).getStatus().pendingActions()).hasSize(1);
  }

  @Test
  void aServerThatDiesBetweenLogAndLeaseLosesNothing() throws Exception {
    // Given
    cluster.work.failNext(1_000_000);
    String uid = waiting(FakeBrain.bash("make"));
    await("the status is there").until(() -> cluster.get(uid).getStatus().stopReason() != null);
    server.kill();
    cluster.work.failNext(0);
    assertThat(cluster.work.all()).isEmpty();
    // When
    server = new InProcessServer(cluster, reviews, store);
    // Then
    awaitState(uid, "queued");
  }

  @Test
  void aLeaseThatCannotBeMadeIsTriedAgain() {
    // Given
    cluster.work.failNext(1);
    // When
    String uid = waiting(FakeBrain.bash("make"));
    // Then
    awaitState(uid, "queued");
  }

  @Test
  void twoServersQueueOneItem() throws Exception {
    // Given
    try (InProcessServer second = new InProcessServer(cluster, reviews, store)) {
      // When
      String uid = waiting(FakeBrain.bash("make"));
      awaitState(uid, "queued");
      await("the other sees it").until(() -> second.workItems.ofSession(uid).isPresent());
      JsonNode item = claimed();
      // Then
      assertThat(cluster.work.all()).hasSize(1);
      assertThat(item.at("/data/id").asText()).isEqualTo(WireIds.session(uid));
    }
  }

  @Test
  void workThatGoesAwayBeforeAnyoneTookItIsTakenBack() {
    // Given
    String uid = waiting(FakeBrain.bash("make"));
    awaitState(uid, "queued");
    // When
    ok(client.postText(events(uid), "{\"events\":[{\"type\":\"user.interrupt\"}]}"));
    // Then
    awaitState(uid, "stopped");
    assertThat(ok(worker.get(work + "/poll")).isNull()).isTrue();
  }

  @Test
  void whatAWorkerLeavesUndoneIsQueuedAgainAsAnotherItem() {
    // Given
    String uid = waiting(FakeBrain.bash("make"));
    JsonNode first = claimed();
    // When
    ok(worker.postText(path(first) + "/stop", "{\"force\":true}"));
    clock.forward(Duration.ofSeconds(3));
    JsonNode second = claimed();
    // Then
    assertThat(second.at("/data/id").asText()).isEqualTo(WireIds.session(uid));
    assertThat(second.path("id")).isNotEqualTo(first.path("id"));
    assertThat(client.get(path(first)).status()).isEqualTo(404);
    assertThat(cluster.work.all()).hasSize(1);
  }

  @Test
  void aWorkerThatIsSilentWithNothingLeftToDoIsStopped() {
    // Given
    AgentEvent.ToolUse call = FakeBrain.bash("make");
    String uid = waiting(call);
    String path = path(claimed());
    ok(worker.postText(path + "/ack", ""));
    ok(worker.postText(path + "/heartbeat?expected_last_heartbeat=NO_HEARTBEAT", ""));
    ok(worker.postText(events(uid), result(call.id(), "ok")));
    call(uid, "second");
    // When
    clock.forward(Duration.ofSeconds(91));
    cluster.work.change(lease(), it -> it);
    // Then
    awaitState(uid, "stopped");
  }

  @Test
  void aWorkerThatStaysIsLeftAloneBetweenTurns() {
    // Given
    AgentEvent.ToolUse call = FakeBrain.bash("make");
    String uid = waiting(call);
    String path = path(claimed());
    ok(worker.postText(path + "/ack", ""));
    ok(worker.postText(path + "/heartbeat?expected_last_heartbeat=NO_HEARTBEAT", ""));
    // When
    ok(worker.postText(events(uid), result(call.id(), "ok")));
    call(uid, "second");
    cluster.work.change(lease(), it -> it);
    // Then
    await("it is looked at").pollDelay(Duration.ofMillis(300)).until(() -> true);
    assertThat(WorkItem.of(lease()).orElseThrow().state().wireName()).isEqualTo("active");
  }

  @Test
  void aStoppedItemGoesAfterAnHour() {
    // Given
    AgentEvent.ToolUse call = FakeBrain.bash("make");
    String uid = waiting(call);
    ok(worker.postText(path(claimed()) + "/ack", ""));
    ok(worker.postText(events(uid), result(call.id(), "ok")));
    ok(worker.postText(work + "/" + WireIds.work(lease().getMetadata().getUid()) + "/stop", ""));
    call(uid, "second");
    // When
    clock.forward(Duration.ofMinutes(59));
    cluster.work.change(lease(), it -> it);
    await("it is looked at").pollDelay(Duration.ofMillis(300)).until(() -> true);
    boolean early = cluster.work.all().isEmpty();
    clock.forward(Duration.ofMinutes(2));
    cluster.work.change(lease(), it -> it);
    // Then
    assertThat(early).isFalse();
    await("it goes").until(() -> cluster.work.all().isEmpty());
  }

  @Test
  void aSuspendedSessionHasNoWork() {
    // Given
    String uid = waiting(FakeBrain.bash("make"));
    awaitState(uid, "queued");
    // When
    cluster.edit(uid, spec -> suspended(spec, true));
    // Then
    awaitState(uid, "stopped");
    clock.forward(Duration.ofSeconds(3));
    cluster.edit(uid, spec -> suspended(spec, false));
    awaitState(uid, "queued");
  }

  private static SessionSpec suspended(SessionSpec spec, boolean on) {
    return new SessionSpec(
        spec.agentRef(), spec.environmentRef(), spec.title(), spec.metadata(), spec.messages(), on);
  }

  @Test
  void nothingIsWrittenWhileNothingHappens() {
    // Given
    String uid = waiting(FakeBrain.bash("make"));
    awaitState(uid, "queued");
    int writes = cluster.work.writes();
    // When
    for (int i = 0; i < 3; i++) {
      ok(client.get(work + "/stats"));
    }
    await("rechecks pass").pollDelay(Duration.ofMillis(800)).until(() -> true);
    // Then
    assertThat(cluster.work.writes()).isEqualTo(writes);
  }
}
