package dev.rouse.harness.loop;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.server.Refused;
import dev.rouse.harness.server.SessionServer;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Committed;
import dev.rouse.session.protocol.BrainProtocol.Wake;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls to the server that must come through: repeated while the server is away, and ended by a
 * {@link Halt} when this brain has lost the session.
 */
final class Appender {

  private static final Logger LOG = LoggerFactory.getLogger(Appender.class);

  private final SessionServer server;
  private final Journal journal;
  private final Ids ids;
  private final Timing timing;
  private final RandomGenerator random;
  private int epoch;

  Appender(SessionServer server, Journal journal, Ids ids, Timing timing, RandomGenerator random) {
    this.server = server;
    this.journal = journal;
    this.ids = ids;
    this.timing = timing;
    this.random = random;
  }

  /** What became of a commit that the server judged. */
  sealed interface Result {

    /** The events are durable and in the journal. */
    record Stored() implements Result {}

    /** Nothing was appended. The journal has been read up to the head: decide again. */
    record Declined(Code code, String message) implements Result {}
  }

  /** Takes the session and reads its log. */
  int wake(String why) {
    Wake wake = persist("wake", () -> server.wake(why));
    epoch = wake.epoch();
    catchUp(wake.head());
    return epoch;
  }

  int epoch() {
    return epoch;
  }

  /** Reads everything up to the head of the moment. */
  void catchUp() {
    journal.add(persist("read records", () -> server.records(journal.head() + 1)));
  }

  /** Reads on up to {@code head}: to decide by a part of the log is to do things twice. */
  private void catchUp(long head) {
    while (journal.head() < head) {
      long next = journal.head() + 1;
      journal.add(
          persist(
              "read records",
              () -> {
                List<LogRecord> records = server.records(next);
                if (records.isEmpty()) {
                  throw new IOException("the server's answer ends before record " + next);
                }
                return records;
              }));
    }
  }

  Result append(List<Event> events) {
    return append(events, null);
  }

  /** Appends only if {@code head} is still the head. */
  Result appendAt(long head, List<Event> events) {
    return append(events, head);
  }

  private Result append(List<Event> events, @Nullable Long atHead) {
    // One id for all tries: a commit whose answer was lost is found by it, and not made twice.
    CommitRequest request = new CommitRequest(ids.next("apnd"), epoch, events, atHead);
    Committed committed;
    try {
      committed = repeat("commit", () -> server.commit(request));
    } catch (Refused e) {
      switch (e.code()) {
        case CONFLICT, INTERRUPTED, BUDGET_REACHED, LOG_FULL -> {
          LOG.atInfo().log("The server declined a commit: {}", e.code());
          catchUp();
          return new Result.Declined(e.code(), e.refusal().message());
        }
        case FENCED,
            GONE,
            POISONED,
            NEEDS_NEWER_VERSION,
            APPEND_ID_REUSED,
            INVALID,
            UNAUTHENTICATED,
            UNAVAILABLE -> {}
      }
      throw lost("commit", e);
    }
    journal.add(committed.records());
    catchUp(committed.head());
    return new Result.Stored();
  }

  /** A call to the server, repeated until it is judged. */
  @FunctionalInterface
  interface Call<T> {
    T call() throws Refused, IOException;
  }

  /** Repeats {@code call} while the server is away; every refusal ends the brain. */
  <T> T persist(String what, Call<T> call) {
    try {
      return repeat(what, call);
    } catch (Refused e) {
      throw lost(what, e);
    }
  }

  private <T> T repeat(String what, Call<T> call) throws Refused {
    long giveUpAt = System.nanoTime() + timing.serverPatience().toNanos();
    for (int failures = 1; ; failures++) {
      Exception failure;
      try {
        return call.call();
      } catch (IOException e) {
        failure = e;
      } catch (Refused e) {
        // A token may be between two rotations; only patience tells that from a wrong one.
        if (e.code() != Code.UNAVAILABLE && e.code() != Code.UNAUTHENTICATED) {
          throw e;
        }
        failure = e;
      }
      if (System.nanoTime() - giveUpAt > 0) {
        throw Halt.internal(
            "gave up to " + what + " after " + timing.serverPatience() + ": " + failure, failure);
      }
      LOG.atWarn()
          .log(
              "Could not {} for the {}. time, will try again: {}",
              what,
              failures,
              failure.toString());
      pause(timing.serverRetry().delay(failures, random));
    }
  }

  /** Waits in the journal, so that a halt ends it. */
  void pause(Duration delay) {
    journal.await(Optional::empty, delay);
  }

  /** The end that a refusal means for this brain. */
  static Halt lost(String what, Refused refused) {
    ExitCode code =
        switch (refused.code()) {
          case FENCED -> ExitCode.FENCED;
          case GONE -> ExitCode.GONE;
          case POISONED -> ExitCode.POISONED;
          case NEEDS_NEWER_VERSION -> ExitCode.NEEDS_NEWER_VERSION;
          case CONFLICT,
              INTERRUPTED,
              BUDGET_REACHED,
              LOG_FULL,
              APPEND_ID_REUSED,
              INVALID,
              UNAUTHENTICATED,
              UNAVAILABLE ->
              ExitCode.INTERNAL;
        };
    return new Halt(code, "could not " + what + ": " + refused.getMessage(), refused);
  }
}
