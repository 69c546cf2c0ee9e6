package dev.rouse.server.keeper;

import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec.ForkFrom;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.LogCopy;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogTooNew;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.Source;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import dev.rouse.session.portable.RecordLine;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a session's log out of another one's: records 0 to the point that {@code spec.forkFrom}
 * names. Done again after a crash, or by two servers at once, it goes on with what stands.
 */
final class Forking {

  /** What became of it. */
  sealed interface Answer {

    /** The log is whole, now or since before. */
    record Done() implements Answer {}

    /** The source has no log yet. */
    record Waits(String message) implements Answer {}

    /** It will not be. @param reason for machines @param message for people */
    record Refused(String reason, String message) implements Answer {}
  }

  /** A commit ends when it is so large, in bytes of JSON, or has so many records. */
  private static final int COMMIT_BYTES = 512 * 1024;

  private static final int COMMIT_RECORDS = 500;

  private static final int ALL = Integer.MAX_VALUE;

  /** How often another server may be in the way. */
  private static final int OTHERS = 3;

  private final SessionLogs logs;
  private final EnvironmentTypes types;

  Forking(SessionLogs logs, EnvironmentTypes types) {
    this.logs = logs;
    this.types = types;
  }

  /** Copies what is missing. @param principal who asks; null for the Session object itself */
  Answer fork(Session session, Session source, @Nullable String principal) {
    Answer answer = tryFork(session, source, principal);
    for (int again = 0; again < OTHERS && answer instanceof Answer.Waits; again++) {
      if (logs.of(LogKeys.of(session)).state().exists()) {
        return new Answer.Done();
      }
      answer = tryFork(session, source, principal);
    }
    return answer;
  }

  private Answer tryFork(Session session, Session source, @Nullable String principal) {
    ForkFrom from = Objects.requireNonNull(session.getSpec().forkFrom());
    String shown = "Session %s (spec.forkFrom.session)".formatted(source.getMetadata().getName());
    SessionLog there = logs.of(LogKeys.of(source));
    LogCopy copy = logs.of(LogKeys.of(session)).copy();
    try {
      SessionState state = there.state();
      if (!state.exists()) {
        return new Answer.Waits(shown + " has no log yet: see its conditions");
      }
      Optional<Long> point = point(there, state, from);
      if (point.isEmpty() || point.get() > state.head()) {
        return new Answer.Refused(
            "RecordNotFound",
            "%s has no such record: its last one is %d; create a new Session"
                .formatted(shown, state.head()));
      }
      Optional<String> otherType = types.fault(session, state);
      if (otherType.isPresent()) {
        return new Answer.Refused("EnvironmentDiffers", otherType.get());
      }
      SessionState before = copy.state();
      // Where none is named, several may have read different ends; the farthest counts.
      long end =
          from.seq() == null && from.eventId() == null
              ? Math.max(point.get(), before.head())
              : point.get();
      if (before.created() != null && !sameStart(before, state)) {
        return new Answer.Refused(
            "SourceReplaced",
            shown + " is another one than when the fork was begun: create a new Session");
      }
      return copy(there, copy, end, source, principal);
    } catch (LogTooNew e) {
      return new Answer.Refused(
          "SourceTooNew", shown + " has a log of a newer format: upgrade Rouse");
    } catch (LogCorrupt e) {
      return new Answer.Refused("SourceUnreadable", shown + ": " + e.getMessage());
    }
  }

  private static boolean sameStart(SessionState copy, SessionState source) {
    InternalEvent.Created one = copy.created();
    InternalEvent.Created other = source.created();
    return one != null && one.equals(other);
  }

  /** The last record that is taken over; empty if there is no event of that id. */
  private static Optional<Long> point(SessionLog log, SessionState state, ForkFrom from) {
    if (from.seq() != null) {
      return Optional.of(from.seq());
    }
    String id = from.eventId();
    if (id == null) {
      return Optional.of(state.head());
    }
    @Nullable Long received = null;
    try (Stream<LogRecord> records = log.read(0, Integer.MAX_VALUE)) {
      for (Iterator<LogRecord> it = records.iterator(); it.hasNext(); ) {
        LogRecord record = it.next();
        if (record.event().id().equals(id)) {
          return Optional.of(record.seq());
        }
        if (record.event() instanceof InternalEvent.Received message
            && message.event().id().equals(id)) {
          received = record.seq();
        }
      }
    }
    // Not processed yet: the point where it was received.
    return Optional.ofNullable(received);
  }

  private static Answer copy(
      SessionLog there, LogCopy copy, long end, Session source, @Nullable String principal) {
    long from = copy.state().head() + 1;
    List<LogRecord> commit = new ArrayList<>();
    long bytes = 0;
    if (from <= end) {
      try (Stream<LogRecord> records = there.read(from, (int) Math.min(ALL, end - from + 1))) {
        for (Iterator<LogRecord> it = records.iterator(); it.hasNext(); ) {
          LogRecord record = it.next();
          commit.add(record);
          bytes += RecordLine.write(record).length;
          if (bytes >= COMMIT_BYTES || commit.size() == COMMIT_RECORDS || record.seq() == end) {
            Optional<Answer> refused = refused(copy.append(principal, commit));
            if (refused.isPresent()) {
              return refused.get();
            }
            commit.clear();
            bytes = 0;
          }
        }
      }
    }
    Source origin =
        new Source(
            Source.Kind.FORK, source.getMetadata().getNamespace(), source.getMetadata().getName());
    return refused(copy.settle(principal, origin, end)).orElseGet(Answer.Done::new);
  }

  /** Another server may have made it whole in between: then that is the answer. */
  private static Optional<Answer> refused(AppendAnswer answer) {
    if (!(answer instanceof AppendAnswer.Refused(Refusal refusal))) {
      return Optional.empty();
    }
    return Optional.of(
        refusal.code() == Code.CONFLICT || refusal.code() == Code.UNAVAILABLE
            ? new Answer.Waits(refusal.message())
            : new Answer.Refused(RefusalReasons.of(refusal.code()), refusal.message()));
  }
}
