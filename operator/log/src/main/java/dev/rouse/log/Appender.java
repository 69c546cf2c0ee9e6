package dev.rouse.log;

import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judge, append, and after a conflict or an unknown outcome look for the append id and judge again.
 */
final class Appender {

  /** Conflicts in a row from which on somebody else is to blame for. */
  private static final int MAX_CONFLICTS = 100;

  /** How often a write whose outcome is unknown is tried before the caller hears of it. */
  private static final int MAX_UNKNOWN = 3;

  private final LogStore store;
  private final LogSettings settings;
  private final Clock clock;

  Appender(LogStore store, LogSettings settings, Clock clock) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Appends what {@code judge} decides.
   *
   * @param sameAsBefore whether the records that stand under the append id are what is asked for
   *     now
   */
  AppendAnswer append(
      OpenLog log,
      String appendId,
      @Nullable String principal,
      Predicate<List<LogRecord>> sameAsBefore,
      LogJudge judge) {
    log.lock().lock();
    try {
      boolean fresh = log.isNew();
      if (fresh) {
        log.catchUp();
      }
      @Nullable OutcomeUnknown unknown = null;
      int unknowns = 0;
      for (int conflicts = 0; conflicts < MAX_CONFLICTS; ) {
        Optional<AppendAnswer> before = before(log, appendId, sameAsBefore);
        if (before.isPresent()) {
          return before.get();
        }
        Decision decision = judged(log, judge);
        if (!fresh && !(decision instanceof Decision.Append || decision instanceof Decision.Copy)) {
          // Another server may have appended what changes the answer.
          log.catchUp();
          fresh = true;
          continue;
        }
        switch (decision) {
          case Decision.Refuse refuse -> {
            return new AppendAnswer.Refused(refuse.refusal());
          }
          case Decision.Stands stands -> {
            return new AppendAnswer.Accepted(log.state().head(), stands.records());
          }
          case Decision.Append _, Decision.Copy _ -> {
            Commit commit = commit(log.copied(), appendId, principal, decision);
            try {
              switch (store.append(log.key(), log.copied().head(), commit)) {
                case AppendResult.Stored stored -> {
                  log.add(commit, stored.head());
                  return new AppendAnswer.Accepted(commit.to(), commit.records());
                }
                case AppendResult.Conflict _ -> {
                  conflicts++;
                  log.catchUp();
                }
              }
            } catch (OutcomeUnknown e) {
              log.unsure(commit);
              if (++unknowns == MAX_UNKNOWN) {
                throw e;
              }
              unknown = e;
              search(log, unknown);
            }
            fresh = true;
          }
        }
      }
      throw new LogUnavailable(
          "could not append to the log of "
              + log.key().describe()
              + " in "
              + MAX_CONFLICTS
              + " attempts, others were faster each time: try again",
          unknown);
    } finally {
      log.lock().unlock();
    }
  }

  /** Until the log was read again, the outcome stays unknown, whatever else goes wrong. */
  private static void search(OpenLog log, OutcomeUnknown unknown) {
    try {
      log.catchUp();
    } catch (LogUnavailable e) {
      unknown.addSuppressed(e);
      throw unknown;
    }
  }

  private static Optional<AppendAnswer> before(
      OpenLog log, String appendId, Predicate<List<LogRecord>> sameAsBefore) {
    return log.index()
        .commit(appendId)
        .map(range -> {
          List<LogRecord> records =
              log.records(range.from(), (int) (range.to() - range.from() + 1));
          return sameAsBefore.test(records)
              ? new AppendAnswer.Accepted(range.to(), records)
              : new AppendAnswer.Refused(
                  new Refusal(
                      Code.APPEND_ID_REUSED,
                      "append id "
                          + appendId
                          + " stands for other events in the log of "
                          + log.key().describe()
                          + ": choose a new id for new events",
                      log.state().head()));
        });
  }

  /** To half a copy nothing is added but the rest of it. */
  private Decision judged(OpenLog log, LogJudge judge) {
    Decision decision = judge.judge(view(log));
    boolean begins =
        decision instanceof Decision.Append append
            && append.events().getFirst() instanceof InternalEvent.Created;
    return log.isHalf() && begins
        ? Decision.refuse(
            Code.UNAVAILABLE,
            log.key().describe() + " is being copied: wait until the copy is whole",
            log.state())
        : decision;
  }

  private Commit commit(
      SessionState state, String appendId, @Nullable String principal, Decision decision) {
    return switch (decision) {
      case Decision.Copy copy -> new Commit(appendId, principal, copy.records());
      case Decision.Append append -> commit(state, appendId, principal, append);
      case Decision.Stands _, Decision.Refuse _ ->
          throw new IllegalArgumentException("this decision appends nothing");
    };
  }

  private Commit commit(
      SessionState state, String appendId, @Nullable String principal, Decision.Append append) {
    List<LogRecord> records = new ArrayList<>(append.events().size());
    Instant last = state.lastAt();
    long seq = state.head();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    for (Event event : append.events()) {
      last = now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
      records.add(LogRecord.of(++seq, last, append.epoch(), event));
    }
    return new Commit(appendId, principal, records);
  }

  private LogView view(OpenLog log) {
    return new LogView() {
      @Override
      public LogKey key() {
        return log.key();
      }

      @Override
      public SessionState state() {
        return log.state();
      }

      @Override
      public SessionState copied() {
        return log.copied();
      }

      @Override
      public SessionState after(List<Event> events) {
        return log.after(events);
      }

      @Override
      public Optional<LogRecord> first(Answer answer) {
        return log.first(answer);
      }

      @Override
      public Room room() {
        return Room.of(settings, log.head(), store.totalBytes());
      }
    };
  }
}
