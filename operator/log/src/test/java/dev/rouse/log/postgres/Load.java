package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.AppendAnswer;
import dev.rouse.log.Commit;
import dev.rouse.log.Decision;
import dev.rouse.log.Given;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogSettings;
import dev.rouse.log.LogStore;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.session.Ids;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients of some sessions. Each appends in a row, and asks again with the same append id whatever
 * fails, as clients do, until it is told that the append is stored.
 */
final class Load implements AutoCloseable {

  private final List<LogKey> keys = new ArrayList<>();
  private final List<AtomicInteger> acknowledged = new ArrayList<>();
  private final List<Future<?>> clients = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean stop;

  /** Starts clients of so many sessions, on these stores in turn. */
  Load(int sessions, LogStore... stores) {
    for (int i = 0; i < sessions; i++) {
      LogKey key = Given.key("default");
      AtomicInteger count = new AtomicInteger();
      keys.add(key);
      acknowledged.add(count);
      SessionLogs logs =
          new SessionLogs(
              stores[i % stores.length], LogSettings.DATABASE, Clock.systemUTC(), Ids.random());
      clients.add(threads.submit(() -> client(logs.of(key), count)));
    }
  }

  private void client(SessionLog log, AtomicInteger count) {
    while (!stop) {
      String id = "append-" + count.get();
      try {
        AppendAnswer answer =
            log.append(
                id,
                null,
                state ->
                    Decision.append(state, List.of(Given.answer(Given.noise(400, count.get())))));
        assertThat(answer).isInstanceOf(AppendAnswer.Accepted.class);
        count.incrementAndGet();
      } catch (LogException e) {
        failures.incrementAndGet();
        if (!e.isRetryable()) {
          throw e;
        }
      }
    }
  }

  /** How many appends were acknowledged to the client that is the least far. */
  int least() {
    for (Future<?> client : clients) {
      if (client.isDone()) {
        client.resultNow();
      }
    }
    return acknowledged.stream().mapToInt(AtomicInteger::get).min().orElse(0);
  }

  /** How often a client was told that something failed. */
  int failures() {
    return failures.get();
  }

  /** Stops, and checks that every log holds each acknowledged append once, in order. */
  void assertNothingLostOrDoubled(LogStore store) throws Exception {
    stop = true;
    for (Future<?> client : clients) {
      client.get(60, TimeUnit.SECONDS);
    }
    for (int i = 0; i < keys.size(); i++) {
      List<String> ids =
          store.read(keys.get(i), 0, Integer.MAX_VALUE).map(Commit::appendId).toList();
      int count = acknowledged.get(i).get();
      assertThat(ids.size()).as("log %d", i).isBetween(count, count + 1);
      for (int n = 0; n < ids.size(); n++) {
        assertThat(ids.get(n)).isEqualTo("append-" + n);
      }
      assertThat(store.head(keys.get(i)).seq()).isEqualTo(ids.size() - 1);
    }
  }

  @Override
  public void close() {
    stop = true;
    threads.close();
  }
}
