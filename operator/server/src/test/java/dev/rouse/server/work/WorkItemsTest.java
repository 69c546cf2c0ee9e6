package dev.rouse.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WorkItemsTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

  private final WorkItems items = new WorkItems();

  private static WorkItem item(String uid, Instant created) {
    Session session = new Session();
    session.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("team-a")
            .withName("review")
            .withUid("session-1")
            .build());
    Lease lease = WorkItem.queued(session, "env-1", created).lease();
    lease.getMetadata().setUid(uid);
    lease.getMetadata().setResourceVersion("1");
    return new WorkItem(lease);
  }

  private static WorkItem version(WorkItem item, String version) {
    Lease lease = Serialization.clone(item.lease());
    lease.getMetadata().setResourceVersion(version);
    return new WorkItem(lease);
  }

  @Test
  void lateNewsOfAnItemDoesNotHideTheOneThatFollowed() {
    // Given
    WorkItem first = item("one", NOW);
    WorkItem second = item("two", NOW.plusSeconds(3));
    items.learn(first);
    items.learn(second);
    // When
    items.learn(version(first, "2"));
    items.leases().forget(first.lease());
    // Then
    assertThat(items.ofSession("session-1")).contains(second);
  }

  @Test
  void aLeaseKeepsEverythingThroughTheApiServersForm() {
    // Given
    WorkItem item = item("one", NOW).claimed("lab", NOW).acknowledged(NOW).beaten(20, NOW);
    // When
    WorkItem read =
        WorkItem.of(Serialization.unmarshal(Serialization.asJson(item.lease()), Lease.class))
            .orElseThrow();
    // Then
    assertThat(read.saysTheSame(item)).isTrue();
    assertThat(WorkQueue.lastHeartbeat(read, "")).isEqualTo("2026-01-02T03:04:05.678901Z");
    assertThat(read.ttlSeconds()).isEqualTo(20);
    assertThat(read.worker()).contains("lab");
    assertThat(read.state()).isEqualTo(WorkState.ACTIVE);
  }

  @Test
  void noTwoHeartbeatsAreOfOneTime() {
    // Given
    WorkItem once = item("one", NOW).beaten(null, NOW);
    // When
    WorkItem twice = once.beaten(null, NOW.minusSeconds(5));
    // Then
    assertThat(WorkQueue.lastHeartbeat(twice, "")).isEqualTo("2026-01-02T03:04:05.678902Z");
  }

  @Test
  void aLeaseOfSomebodyElseIsNoItem() {
    // Given
    Lease lease = item("one", NOW).lease();
    lease.getMetadata().setName("mine");
    // When
    // Then
    assertThat(WorkItem.of(lease)).isEmpty();
  }
}
