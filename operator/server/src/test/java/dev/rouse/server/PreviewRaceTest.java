package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same over HTTP, with a brain whose previews race its own commits and clients that come in the
 * middle (contract §2.7). {@code -Drouse.seed=N} repeats one that failed, as far as threads let it.
 */
class PreviewRaceTest extends WireApiFixture {

  private static final long SEED =
      Long.getLong("rouse.seed", ThreadLocalRandom.current().nextLong(1_000_000));
  private static final int REQUESTS = 12;

  static LongStream seeds() {
    return LongStream.range(SEED, SEED + 5);
  }

  private void shown(String span, String json) {
    try {
      showDelta(span, json);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Tag("contract-deltas-random")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whoeverComesWheneverCanPutMessagesTogether(long seed) {
    // Given
    Random random = new Random(seed);
    brain.wake();
    List<TestClient.Feed> feeds = new ArrayList<>();
    String stream = path + "/events/stream?event_deltas%5B%5D=agent.message";
    // When
    CompletableFuture<Void> posts = CompletableFuture.completedFuture(null);
    feeds.add(client.open(stream));
    for (int i = 0; i < REQUESTS; i++) {
      String span = request();
      AgentEvent.Message answer = FakeBrain.message("one two three four");
      List<String> previews = new ArrayList<>(List.of(start(answer.id())));
      for (String word : List.of("one ", "two ", "three ", "fo")) {
        previews.add(delta(answer.id(), word));
      }
      posts = posts.thenRunAsync(() -> previews.forEach(preview -> shown(span, preview)));
      if (random.nextInt(3) == 0) {
        feeds.add(client.open(stream));
      }
      if (random.nextBoolean()) {
        posts.join();
      }
      List<Event> closing = new ArrayList<>(List.of(end(span)));
      if (random.nextInt(3) > 0) {
        closing.addFirst(answer);
      }
      assertThat(brain.commit("end-" + i, closing).status()).isEqualTo(200);
    }
    posts.join();
    AgentEvent.Message last = FakeBrain.message("done");
    brain.commit("last", List.of(last));
    // Then
    int deltas = 0;
    for (TestClient.Feed feed : feeds) {
      await("the end")
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              feed.events().stream().anyMatch(it -> last.id().equals(it.path("id").asText())));
      Accumulator accumulator = new Accumulator();
      for (JsonNode event : feed.events()) {
        accumulator.take(event);
      }
      deltas += accumulator.deltas();
      feed.close();
    }
    assertThat(deltas).as("something was previewed").isPositive();
  }
}
