package dev.rouse.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialWorkTest {

  @Test
  void neverWorksTwiceAtOnceOnOneKey() {
    // Given
    Set<String> busy = ConcurrentHashMap.newKeySet();
    AtomicInteger clashes = new AtomicInteger();
    AtomicInteger runs = new AtomicInteger();
    try (SerialWork work =
        new SerialWork(
            key -> {
              if (!busy.add(key)) {
                clashes.incrementAndGet();
              }
              Thread.yield();
              runs.incrementAndGet();
              busy.remove(key);
            },
            8)) {
      // When
      for (int i = 0; i < 2000; i++) {
        work.submit("k" + i % 10);
      }
      // Then
      await("all keys").until(() -> runs.get() >= 10 && busy.isEmpty());
      assertThat(clashes.get()).isZero();
    }
  }

  @Test
  void whatIsAskedForWhileUnderWayIsDoneOnceMore() throws Exception {
    // Given
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    try (SerialWork work =
        new SerialWork(
            _ -> {
              begun.countDown();
              go.await();
              runs.incrementAndGet();
            },
            8)) {
      work.submit("k");
      begun.await();
      // When
      work.submit("k");
      work.submit("k");
      work.submit("k");
      go.countDown();
      // Then
      await("the second run").until(() -> runs.get() == 2);
      await("no third").pollDelay(Duration.ofMillis(200)).until(() -> runs.get() == 2);
    }
  }

  @Test
  void worksOnNoMoreKeysAtOnceThanItMay() throws Exception {
    // Given
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger runs = new AtomicInteger();
    try (SerialWork work =
        new SerialWork(
            _ -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.yield();
              now.decrementAndGet();
              runs.incrementAndGet();
            },
            3)) {
      // When
      for (int i = 0; i < 500; i++) {
        work.submit("k" + i);
      }
      // Then
      await("all").until(() -> runs.get() == 500);
      assertThat(most.get()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void whatFailsIsDoneAgain() {
    // Given
    AtomicInteger runs = new AtomicInteger();
    try (SerialWork work =
        new SerialWork(
            _ -> {
              if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("the first time");
              }
            },
            1)) {
      // When
      work.submit("k");
      // Then
      await("again").atMost(Duration.ofSeconds(30)).until(() -> runs.get() == 2);
    }
  }

  @Test
  void theEarliestTimeCounts() {
    // Given
    List<String> runs = new CopyOnWriteArrayList<>();
    try (SerialWork work = new SerialWork(runs::add, 1)) {
      // When
      work.submitIn("k", Duration.ofHours(1));
      work.submitIn("k", Duration.ofMillis(50));
      work.submitIn("k", Duration.ofMillis(80));
      // Then
      await("once").pollDelay(Duration.ofMillis(300)).until(() -> runs.size() == 1);
    }
  }
}
