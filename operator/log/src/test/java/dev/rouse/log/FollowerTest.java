package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Followers see every record once and in order, whoever wrote it, however slow they are. */
class FollowerTest {

  private final InMemoryLogStore store = new InMemoryLogStore();
  private final LogKey key = Given.key("team-a");
  private final SessionLogs logs = server(LogSettings.DEFAULTS);
  private final SessionLogs otherLogs = server(LogSettings.DEFAULTS);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private SessionLogs server(LogSettings settings) {
    return new SessionLogs(store, settings, Clock.systemUTC(), Ids.random());
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    logs.close();
    otherLogs.close();
  }

  private void append(SessionLogs server, int n) {
    for (int i = 0; i < n; i++) {
      server
          .of(key)
          .append(
              Ids.random().next("a"),
              null,
              state -> Decision.append(state, List.of(Given.answer("n" + state.head()))));
    }
  }

  private static List<Long> take(Follower follower, int count) throws InterruptedException {
    List<Long> seqs = new ArrayList<>();
    while (seqs.size() < count && !follower.ended()) {
      follower.next(Duration.ofSeconds(10)).stream().map(LogRecord::seq).forEach(seqs::add);
    }
    return seqs;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @Test
  void manyFollowersFromManyPositionsSeeWhatTwoServersWrite() throws Exception {
    // Given
    append(logs, 400);
    List<Future<List<Long>>> all = new ArrayList<>();
    long[] positions = {0, 1, 199, 399, 400, 450};
    for (long from : positions) {
      for (SessionLogs server : List.of(logs, otherLogs)) {
        all.add(
            threads.submit(() -> {
              try (Follower follower = server.of(key).follow(from)) {
                return take(follower, (int) (600 - from));
              }
            }));
      }
    }

    // When
    Future<?> one = threads.submit(() -> append(logs, 100));
    Future<?> two = threads.submit(() -> append(otherLogs, 100));
    one.get(30, TimeUnit.SECONDS);
    two.get(30, TimeUnit.SECONDS);

    // Then
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(range(positions[i / 2], 600));
    }
  }

  @Test
  void aSlowFollowerReadsOnFromTheStore() throws Exception {
    // Given
    append(logs, 1);
    try (Follower slow = logs.of(key).follow(0)) {
      assertThat(take(slow, 1)).containsExactly(0L);
      append(logs, 1000);

      // When
      List<Long> rest = take(slow, 1000);

      // Then
      assertThat(rest).isEqualTo(range(1, 1001));
    }
  }

  @Test
  void nothingNewIsAnEmptyAnswerAfterTheTime() throws Exception {
    // Given
    append(logs, 1);
    try (Follower follower = logs.of(key).follow(1)) {
      // When
      List<LogRecord> nothing = follower.next(Duration.ofMillis(20));

      // Then
      assertThat(nothing).isEmpty();
      assertThat(follower.ended()).isFalse();
      assertThat(follower.position()).isEqualTo(1);
    }
  }

  @Test
  void deletionAndClosingEndFollowers() throws Exception {
    // Given
    append(logs, 3);
    CompletableFuture<Boolean> here = follow(logs);
    CompletableFuture<Boolean> there = follow(otherLogs);

    // When
    logs.of(key).delete();

    // Then
    assertThat(here.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(there.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aFollowerThatIsFarBehindEndsWhenTheLogIsDeleted() throws Exception {
    // Given
    append(logs, 600);
    try (Follower behind = otherLogs.of(key).follow(0)) {
      take(behind, 1);

      // When
      logs.of(key).delete();

      // Then
      await("the follower ends instead of asking for ever")
          .until(() -> {
            behind.next(Duration.ofMillis(10));
            return behind.ended();
          });
    }
  }

  @Test
  void closingTheProcessEndsFollowers() throws Exception {
    // Given
    append(logs, 3);
    CompletableFuture<Boolean> ended = follow(logs);

    // When
    logs.close();

    // Then
    assertThat(ended.get(10, TimeUnit.SECONDS)).isTrue();
  }

  private CompletableFuture<Boolean> follow(SessionLogs server) {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Follower follower = server.of(key).follow(3);
    threads.submit(() -> {
      while (!follower.ended()) {
        follower.next(Duration.ofSeconds(5));
      }
      follower.close();
      return ended.complete(true);
    });
    return ended;
  }

  @Test
  void aFollowedLogIsReadOnOnlyWhenAHintSaysSo() {
    // Given
    append(logs, 3);
    try (Follower follower = otherLogs.of(key).follow(3)) {
      long heads = store.headCalls();
      store.sendHints(false);
      append(logs, 5);
      assertThat(store.headCalls()).isEqualTo(heads);
      store.sendHints(true);

      // When
      append(logs, 1);

      // Then
      await("the follower catches up by one hint")
          .untilAsserted(() -> assertThat(otherLogs.of(key).cachedState().head()).isEqualTo(8));
      assertThat(follower.position()).isEqualTo(3);
    }
  }

  @Test
  void anAppendOfThisProcessIsNotReadBackForItsOwnHint() throws Exception {
    // Given
    append(logs, 1);
    try (Follower follower = logs.of(key).follow(1)) {
      long heads = store.headCalls();

      // When
      append(logs, 100);

      // Then
      assertThat(take(follower, 100)).hasSize(100);
      assertThat(store.headCalls()).isEqualTo(heads);
    }
  }

  @Test
  void listenersHearOfOwnAndForeignChanges() {
    // Given
    List<LogChange> changes = new CopyOnWriteArrayList<>();
    Subscription subscription = logs.onChange(changes::add);

    // When
    append(logs, 1);
    append(otherLogs, 1);
    subscription.close();
    append(logs, 1);

    // Then
    assertThat(changes).extracting(LogChange::head).contains(0L, 1L).doesNotContain(2L);
  }

  @Test
  void whatIsKeptInMemoryIsBoundedAndForgettingChangesNothing() {
    // Given
    SessionLogs small = server(new LogSettings(1 << 20, 1 << 20, 0, 2, 1 << 20));

    // When
    List<LogKey> keys = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      LogKey one = Given.key("team-a");
      keys.add(one);
      small.of(one).create(Given.created(one), List.of());
    }
    long heads = store.headCalls();
    keys.forEach(one -> assertThat(small.of(one).cachedState().head()).isZero());

    // Then
    assertThat(store.headCalls() - heads).isGreaterThanOrEqualTo(4);
    small.close();
  }
}
