package dev.rouse.log.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.Commit;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogUnavailable;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Pages that are loaded ahead are read as if they were not. */
class CommitReaderTest {

  private static final LogKey KEY = new LogKey("team", "hello", "uid");
  private static final long FOREVER = Long.MAX_VALUE;

  private final List<Long> loaded = Collections.synchronizedList(new ArrayList<>());

  @Test
  void everyPageIsLoadedOnceAndInOrder() {
    // When
    List<Long> read =
        CommitReader.stream(KEY, pagesOfTwo(5), 0, FOREVER).map(Commit::from).toList();
    // Then
    assertThat(read).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(loaded).containsExactly(0L, 2L, 4L);
  }

  @Test
  void nothingBehindTheEndIsLoaded() {
    // When
    List<Long> read = CommitReader.stream(KEY, pagesOfTwo(5), 0, 2).map(Commit::from).toList();
    // Then
    assertThat(read).containsExactly(0L, 1L);
    assertThat(loaded).containsExactly(0L);
  }

  @Test
  void aPageThatFailsFailsWhereItsCommitsAreWanted() {
    // Given
    Page.Source away =
        next -> {
          if (next == 2) {
            throw new LogUnavailable("the database is away", null);
          }
          return pagesOfTwo(5).load(next);
        };
    Iterator<Commit> commits = CommitReader.stream(KEY, away, 0, FOREVER).iterator();
    // When
    List<Long> before = List.of(commits.next().from(), commits.next().from());
    // Then
    assertThat(before).containsExactly(0L, 1L);
    assertThatThrownBy(commits::next)
        .isInstanceOf(LogUnavailable.class)
        .hasMessage("the database is away");
  }

  @Test
  void whoIsInterruptedWhileAPageComesStaysInterrupted() {
    // Given
    CountDownLatch never = new CountDownLatch(1);
    Page.Source slow =
        next -> {
          if (next == 2) {
            await(never);
          }
          return pagesOfTwo(5).load(next);
        };
    Iterator<Commit> commits = CommitReader.stream(KEY, slow, 0, FOREVER).iterator();
    commits.next();
    commits.next();
    // When
    Thread.currentThread().interrupt();
    // Then
    assertThatThrownBy(commits::next).isInstanceOf(LogUnavailable.class);
    assertThat(Thread.interrupted()).isTrue();
    never.countDown();
  }

  @Test
  void aGapBetweenPagesIsSaid() {
    // Given
    Page.Source gap = next -> next == 0 ? page(true, 0, 1) : page(false, 3, 4);
    // When
    assertThatThrownBy(() -> CommitReader.stream(KEY, gap, 0, FOREVER).toList())
        // Then
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining("record 2 is missing");
  }

  private Page.Source pagesOfTwo(long last) {
    return next -> {
      loaded.add(next);
      return page(next + 1 < last, next, next + 1);
    };
  }

  private static Page page(boolean more, long first, long last) {
    return new Page(
        LongStream.rangeClosed(first, last).mapToObj(CommitReaderTest::row).toList(), more);
  }

  private static CommitRow row(long seq) {
    LogRecord record =
        LogRecord.of(
            seq, Instant.EPOCH.plusSeconds(seq), 1, new SessionEvent.StatusRunning("sevt_" + seq));
    String body = CommitJson.write(new Commit("append-" + seq, null, List.of(record))).json();
    return new CommitRow(seq, seq, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
