package dev.rouse.server.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import dev.rouse.server.FakeCluster;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SessionsTest {

  private final FakeCluster cluster = new FakeCluster();
  private final Sessions sessions = new Sessions(cluster);

  private Session seen(String version) {
    Session session = Serialization.clone(cluster.session("review"));
    session.getMetadata().setUid("uid");
    session.getMetadata().setResourceVersion(version);
    return session;
  }

  private String version() {
    return sessions.get("uid").orElseThrow().getMetadata().getResourceVersion();
  }

  @Test
  void keepsTheNewestWhateverTheOrderOfArrival() {
    sessions.learn(seen("99"));
    sessions.learn(seen("100"));
    sessions.learn(seen("98"));
    assertThat(version()).isEqualTo("100");
  }

  @Test
  void aLateAnswerDoesNotBringADeletedObjectBack() {
    // Given
    Session session = seen("99");
    sessions.learn(session);
    sessions.forget(session);
    // When
    sessions.learn(seen("100"));
    // Then
    assertThat(sessions.get("uid")).isEmpty();
  }

  @Test
  void waitsForWhatIsToCome() throws Exception {
    // Given
    sessions.learn(seen("99"));
    CompletableFuture<String> waiting = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        waiting.complete(
            sessions
                .await(
                    "uid",
                    it -> it.getMetadata().getResourceVersion().equals("101"),
                    Duration.ofSeconds(20))
                .orElseThrow()
                .getMetadata()
                .getResourceVersion());
      } catch (InterruptedException e) {
        waiting.completeExceptionally(e);
      }
    });
    // When
    sessions.learn(seen("100"));
    sessions.learn(seen("101"));
    // Then
    assertThat(waiting.get()).isEqualTo("101");
  }

  @Test
  void anotherObjectOfTheSameNameIsNotTheOneAskedFor() {
    // Given
    cluster.watch(sessions);
    Session first = cluster.session("review");
    cluster.silence(true);
    cluster.delete(first.getMetadata().getUid());
    sessions.learn(first);
    Sessions lagging = new Sessions(cluster);
    lagging.learn(first);
    // When
    cluster.session("review");
    // Then
    assertThat(lagging.refresh(first.getMetadata().getUid())).isEmpty();
  }
}
