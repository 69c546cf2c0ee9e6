package dev.rouse.log.configmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.LogKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Merging is beside the appends: they neither wait for it nor are lost by it. */
class MergingTest {

  private static final ConfigMapSettings SMALL = new ConfigMapSettings(List.of(), 600, 8192, 3);

  /** Compressed bytes that no tail of one message has, and three of them together do. */
  private static final int MERGED = 1500;

  private final FakeConfigMaps configMaps = new FakeConfigMaps();
  private final Holding holding = new Holding(configMaps);
  private final AtomicLong names = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();
  private final ConfigMapLogStore store =
      new ConfigMapLogStore(
          holding, SMALL, () -> "n" + names.incrementAndGet(), List.of(), this::inBackground);
  private final LogKey key = Given.key("default");

  @AfterEach
  void close() {
    store.close();
  }

  private void inBackground(Runnable task) {
    running.incrementAndGet();
    Thread.startVirtualThread(() -> {
      try {
        task.run();
      } finally {
        running.decrementAndGet();
      }
    });
  }

  /** Holds the segments that others were merged into. */
  private record Holding(FakeConfigMaps configMaps, CountDownLatch reached, CountDownLatch opened)
      implements ConfigMaps {

    Holding(FakeConfigMaps configMaps) {
      this(configMaps, new CountDownLatch(1), new CountDownLatch(1));
    }

    @Override
    public Optional<ConfigMap> get(String namespace, String name) {
      return configMaps.get(namespace, name);
    }

    @Override
    public Written create(ConfigMap object) {
      boolean tail = object.getMetadata().getAnnotations().containsKey(LogObjects.HEAD);
      if (!tail && LogObjects.records(object).length > MERGED) {
        reached.countDown();
        try {
          opened.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return configMaps.create(object);
    }

    @Override
    public Written update(ConfigMap object) {
      return configMaps.update(object);
    }

    @Override
    public void delete(String namespace, String name) {
      configMaps.delete(namespace, name);
    }

    @Override
    public List<SegmentObject> segments(String namespace, String sessionUid) {
      return configMaps.segments(namespace, sessionUid);
    }
  }

  private long append(long head, int bytes) {
    Commit commit = Given.commit(head, "a-" + head, Given.answer(Given.noise(bytes, head)));
    assertThat(store.append(key, head, commit)).isInstanceOf(AppendResult.Stored.class);
    return commit.to();
  }

  private long growUntilSomethingIsMerged() {
    long head = -1;
    while (holding.reached().getCount() > 0) {
      head = append(append(head, 900), 10);
      await("what is full is sealed, or a merge is held")
          .until(() -> running.get() == 0 || holding.reached().getCount() == 0);
    }
    return head;
  }

  private Tail tail() {
    return LogObjects.readTail(
        key, configMaps.get("default", LogObjects.tailName(key)).orElseThrow());
  }

  private void assertWholeAndTidy(long head) {
    await("merging is over")
        .untilAsserted(() ->
            assertThat(configMaps.names())
                .as("the tail, what it names, and at most one for the next append to name")
                .hasSizeBetween(1 + tail().named().size(), 2 + tail().named().size()));
    List<Commit> commits = store.read(key, 0, Integer.MAX_VALUE).toList();
    assertThat(commits.stream().map(Commit::from).toList())
        .isEqualTo(java.util.stream.LongStream.rangeClosed(0, head).boxed().toList());
  }

  @Test
  void anAppendDoesNotWaitForAMergedSegmentToBeWritten() throws Exception {
    // Given
    long head = growUntilSomethingIsMerged();

    // When
    long more = append(append(head, 100), 100);

    // Then
    int before = tail().segments().size();
    holding.opened().countDown();
    await("segments are merged").until(() -> tail().segments().size() < before);
    assertWholeAndTidy(more);
  }

  @Test
  void aMergedSegmentThatComesTooLateIsNotNamed() throws Exception {
    // Given
    long head = growUntilSomethingIsMerged();

    // When
    for (int i = 0; i <= SegmentObjects.MOST_MEANWHILE; i++) {
      head = append(head, 10);
    }
    CompletableFuture<?> gone =
        CompletableFuture.runAsync(() ->
            await("what was too late is removed")
                .until(() ->
                    configMaps.writes().stream().anyMatch(write -> write.startsWith("delete"))));
    holding.opened().countDown();

    // Then
    gone.get(30, TimeUnit.SECONDS);
    String removed =
        configMaps.writes().stream()
            .filter(write -> write.startsWith("delete "))
            .findFirst()
            .orElseThrow()
            .substring("delete ".length());
    assertThat(tail().named()).noneMatch(removed::endsWith);
    assertWholeAndTidy(append(head, 10));
  }
}
