package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every store must do; each store's test extends it. */
public abstract class LogStoreContract {

  private static final int ALL = Integer.MAX_VALUE;

  /** The store under test. */
  protected abstract LogStore store();

  /** Another process' view of the same store. */
  protected abstract LogStore otherStore();

  /** A log that nobody has used. */
  protected abstract LogKey newKey();

  /** Changes what is stored of a log of three commits behind the store's back: it is damaged. */
  protected abstract void damage(LogKey key);

  @Test
  void aLogThatNobodyWroteHasNoHead() {
    LogKey key = newKey();

    assertThat(store().head(key)).isEqualTo(Head.NONE);
    assertThat(store().read(key, 0, ALL)).isEmpty();
  }

  @Test
  void whatWasStoredIsReadByOthersInOrderAndWithoutGaps() {
    // Given
    LogKey key = newKey();
    List<Commit> commits = new ArrayList<>();
    long head = -1;

    // When
    for (int i = 0; i < 60; i++) {
      Commit commit =
          Given.commit(head, "append-" + i, Given.message("a " + i), Given.answer("b " + i));
      assertThat(store().append(key, head, commit)).isInstanceOf(AppendResult.Stored.class);
      commits.add(commit);
      head = commit.to();
    }

    // Then
    assertThat(otherStore().head(key).seq()).isEqualTo(119);
    assertThat(json(otherStore().read(key, 0, ALL).toList())).isEqualTo(json(commits));
  }

  @Test
  void aStoredAnswerNamesTheHeadAndWhatTheLogTakes() {
    // Given
    LogKey key = newKey();

    // When
    AppendResult result = store().append(key, -1, Given.commit(-1, "a", Given.message("hello")));

    // Then
    assertThat(result).isEqualTo(new AppendResult.Stored(otherStore().head(key)));
    assertThat(otherStore().head(key).bytes()).isPositive();
  }

  @Test
  void onlyTheFirstOfTwoAppendsAtOneHeadIsStored() {
    // Given
    LogKey key = newKey();
    store().append(key, -1, Given.commit(-1, "a", Given.message("first")));
    otherStore().head(key);
    store().append(key, 0, Given.commit(0, "b", Given.message("second")));

    // When
    AppendResult late = otherStore().append(key, 0, Given.commit(0, "c", Given.message("late")));

    // Then
    assertThat(late).isEqualTo(new AppendResult.Conflict(store().head(key)));
    assertThat(appendIds(store().read(key, 0, ALL).toList())).containsExactly("a", "b");
  }

  @Test
  void twoThatMakeTheSameLogMakeItOnce() {
    // Given
    LogKey key = newKey();
    store().append(key, -1, Given.commit(-1, "a", Given.message("first")));

    // When
    AppendResult second = otherStore().append(key, -1, Given.commit(-1, "b", Given.message("x")));

    // Then
    assertThat(second).isInstanceOf(AppendResult.Conflict.class);
    assertThat(appendIds(otherStore().read(key, 0, ALL).toList())).containsExactly("a");
  }

  @Test
  void manyAppendersOfTwoProcessesLoseNothingAndStoreNothingTwice() throws Exception {
    // Given
    LogKey key = newKey();
    store().append(key, -1, Given.commit(-1, "first", Given.message("begin")));
    int threads = 8;
    int each = appendsPerThread();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    CountDownLatch start = new CountDownLatch(1);

    // When
    try (ExecutorService appenders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        LogStore store = thread % 2 == 0 ? store() : otherStore();
        String name = "t" + thread;
        all.add(
            appenders.submit(() -> {
              start.await();
              long head = 0;
              for (int i = 0; i < each; ) {
                String id = name + "-" + i;
                switch (store.append(key, head, Given.commit(head, id, Given.message(id)))) {
                  case AppendResult.Stored stored -> {
                    acknowledged.add(id);
                    head = stored.head().seq();
                    i++;
                  }
                  case AppendResult.Conflict conflict -> head = conflict.head().seq();
                }
              }
              return null;
            }));
      }
      start.countDown();
      for (Future<?> appender : all) {
        appender.get(120, TimeUnit.SECONDS);
      }
    }

    // Then
    assertThat(store().head(key).seq()).isEqualTo(threads * each);
    List<Commit> commits = store().read(key, 0, ALL).toList();
    assertThat(appendIds(commits).subList(1, commits.size()))
        .doesNotHaveDuplicates()
        .hasSize(threads * each)
        .containsExactlyInAnyOrderElementsOf(acknowledged);
    assertGapless(commits);
  }

  /** How often each of eight threads appends; fewer where every append costs a disk's fsync. */
  protected int appendsPerThread() {
    return 50;
  }

  @Test
  void aRealSessionOf358EventsComesBackByteForByte() throws Exception {
    // Given
    LogKey key = newKey();
    List<Commit> commits = new ArrayList<>();
    long head = -1;
    for (int i = 0; i < 358; i++) {
      int size = i == 200 ? 260_000 : 190 + (i * 7919 % 17_000);
      Commit commit =
          Given.commit(head, "append-" + i, Given.result("sevt_" + i, Given.noise(size, i)));
      commits.add(commit);
      head = commit.to();
    }

    // When
    for (Commit commit : commits) {
      assertThat(store().append(key, commit.from() - 1, commit))
          .isInstanceOf(AppendResult.Stored.class);
    }

    // Then
    assertThat(json(otherStore().read(key, 0, ALL).toList())).isEqualTo(json(commits));
  }

  @Tag("failure-8")
  @Test
  void aSingleResultOfFiveMegabytesComesBackByteForByte() throws Exception {
    // Given
    LogKey key = newKey();
    Commit small = Given.commit(-1, "small", Given.message("run it"));
    Commit large =
        Given.commit(0, "large", Given.result("sevt_1", Given.noise(5 * 1024 * 1024, 1)));
    Commit after = Given.commit(1, "after", Given.answer("done"));

    // When
    store().append(key, -1, small);
    store().append(key, 0, large);
    store().append(key, 1, after);

    // Then
    assertThat(json(otherStore().read(key, 0, ALL).toList()))
        .isEqualTo(json(List.of(small, large, after)));
  }

  @Tag("failure-8")
  @Test
  void aLogOfTwentyMegabytesIsReadFromAnyPosition() throws Exception {
    // Given
    LogKey key = newKey();
    List<Commit> commits = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Commit commit =
          Given.commit(
              3L * i - 1,
              "append-" + i,
              Given.message("go"),
              Given.result("sevt_" + i, Given.noise(1024 * 1024, i)),
              Given.answer("done"));
      store().append(key, commit.from() - 1, commit);
      commits.add(commit);
    }

    for (int from : new int[] {0, 1, 29, 30, 58, 59}) {
      // When
      List<Commit> read = otherStore().read(key, from, 4).toList();

      // Then
      List<Commit> expected =
          commits.stream().filter(c -> c.to() >= from && c.from() < from + 4).toList();
      assertThat(json(read)).isEqualTo(json(expected));
    }
  }

  @Test
  void aReaderGoesOnWhileTheLogGrowsAndIsRearranged() throws Exception {
    // Given
    LogKey key = newKey();
    long head = -1;
    for (int i = 0; i < 120; i++) {
      Commit commit = Given.commit(head, "a" + i, Given.answer(Given.noise(1200, i)));
      store().append(key, head, commit);
      head = commit.to();
    }
    List<Long> seen = new ArrayList<>();

    // When
    var reading = otherStore().read(key, 0, ALL).iterator();
    while (reading.hasNext()) {
      seen.add(reading.next().from());
      for (int i = 0; i < 2; i++) {
        Commit more = Given.commit(head, "b" + head, Given.answer(Given.noise(1200, head)));
        store().append(key, head, more);
        head = more.to();
      }
      if (seen.size() >= 120) {
        break;
      }
    }

    // Then
    assertThat(seen).isEqualTo(IntStream.range(0, 120).mapToObj(Long::valueOf).toList());
    assertGapless(otherStore().read(key, 0, ALL).toList());
  }

  @Tag("failure-8")
  @Test
  void nothingIsLeftOfADeletedLog() {
    // Given
    LogKey key = newKey();
    long head = -1;
    for (int i = 0; i < 40; i++) {
      Commit commit = Given.commit(head, "a" + i, Given.answer(Given.noise(2000, i)));
      store().append(key, head, commit);
      head = commit.to();
    }
    otherStore().head(key);

    // When
    store().delete(key);

    // Then
    assertThat(otherStore().head(key)).isEqualTo(Head.NONE);
    assertThat(otherStore().read(key, 0, ALL)).isEmpty();
    long last = head;
    assertThatThrownBy(
            () -> otherStore().append(key, last, Given.commit(last, "z", Given.message("late"))))
        .isInstanceOf(LogDeleted.class)
        .hasMessageContaining(key.sessionUid());
    store().delete(key);
  }

  @Test
  void aLogOfTenThousandEventsIsRemovedWhole() {
    // Given
    LogKey key = newKey();
    LogKey kept = newKey();
    store().append(kept, -1, Given.commit(-1, "kept", Given.message("stays")));
    long head = -1;
    for (int i = 0; i < 400; i++) {
      Event[] events = new Event[25];
      Arrays.setAll(events, n -> Given.answer("event " + n));
      store().append(key, head, Given.commit(head, "a" + i, events));
      head += events.length;
    }

    // When
    otherStore().delete(key);

    // Then
    assertThat(store().head(key)).isEqualTo(Head.NONE);
    assertThat(store().read(key, 0, ALL)).isEmpty();
    assertThat(store().read(key, 9_999, 1)).isEmpty();
    assertThat(appendIds(store().read(kept, 0, ALL).toList())).containsExactly("kept");
  }

  @Test
  void aLogThatCannotBeReadIsRemovedLikeAnyOther() {
    // Given
    LogKey key = newKey();
    for (int i = 0; i < 3; i++) {
      store().append(key, i - 1, Given.commit(i - 1, "a" + i, Given.message("m" + i)));
    }
    damage(key);
    assertThatThrownBy(() -> otherStore().read(key, 0, ALL).toList())
        .isInstanceOf(LogCorrupt.class);

    // When
    otherStore().delete(key);

    // Then
    assertThat(otherStore().head(key)).isEqualTo(Head.NONE);
    assertThat(otherStore().read(key, 0, ALL)).isEmpty();
    assertThatThrownBy(
            () -> otherStore().append(key, 2, Given.commit(2, "late", Given.message("late"))))
        .isInstanceOf(LogDeleted.class);
  }

  @Test
  void logsDoNotSeeEachOther() {
    // Given
    LogKey one = newKey();
    LogKey other = newKey();

    // When
    store().append(one, -1, Given.commit(-1, "a", Given.message("one")));
    store().append(other, -1, Given.commit(-1, "a", Given.message("other")));

    // Then
    assertThat(store().read(one, 0, ALL).toList().toString()).contains("one").doesNotContain("oth");
    assertThat(store().head(other).seq()).isZero();
  }

  protected static List<String> appendIds(List<Commit> commits) {
    return commits.stream().map(Commit::appendId).toList();
  }

  protected static void assertGapless(List<Commit> commits) {
    long next = 0;
    for (Commit commit : commits) {
      assertThat(commit.from()).isEqualTo(next);
      next = commit.to() + 1;
    }
  }

  protected static List<String> json(List<Commit> commits) {
    return commits.stream()
        .map(commit -> {
          try {
            return EventCodec.JSON.writeValueAsString(commit);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        })
        .toList();
  }
}
