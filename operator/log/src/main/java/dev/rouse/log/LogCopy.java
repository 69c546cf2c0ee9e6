package dev.rouse.log;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import dev.rouse.session.portable.FileFault;
import dev.rouse.session.portable.LogCheck;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One log as the copy of another: {@link #append} as often as it takes, then {@link #settle}. Until
 * then {@link SessionLog} shows no log. Any of it may be done again, by several at once, and by
 * others after a crash: who does the same finds it done.
 */
public final class LogCopy {

  private static final String SETTLE_ID = "settle";
  private static final int ALL = Integer.MAX_VALUE;

  private final LogKey key;
  private final SessionLogs logs;

  LogCopy(LogKey key, SessionLogs logs) {
    this.key = key;
    this.logs = logs;
  }

  /** What stands so far, whole or not, at the head that the store has now. */
  public SessionState state() {
    return logs.with(
        key,
        log -> {
          log.catchUp();
          return log.copied();
        });
  }

  /**
   * Takes in the next records as they are. Those that stand already must be the same.
   *
   * @param records gapless, at least one
   * @return refused with {@code CONFLICT} when they do not continue what stands
   */
  public AppendAnswer append(@Nullable String principal, List<LogRecord> records) {
    return logs.with(
        key,
        log -> {
          AppendAnswer answer =
              logs.append(
                  log,
                  logs.ids().next("copy"),
                  principal,
                  _ -> true,
                  view -> logs.copyRules().next(view, records));
          boolean all =
              answer instanceof AppendAnswer.Accepted accepted
                  && accepted.records().size() == records.size();
          return all || answer instanceof AppendAnswer.Refused || stands(records)
              ? answer
              : new AppendAnswer.Refused(
                  new Refusal(
                      Code.CONFLICT,
                      key.describe()
                          + " holds other records already: choose another name for this copy",
                      log.copied().head()));
        });
  }

  private boolean stands(List<LogRecord> records) {
    long from = records.getFirst().seq();
    try (Stream<LogRecord> there = Records.of(logs.store(), key, from, records.size())) {
      return there.toList().equals(records);
    }
  }

  /**
   * Makes a log of what was copied: from here on it is the session's.
   *
   * @param head the last record that is to be copied
   * @return accepted without records if it was done before
   */
  public AppendAnswer settle(@Nullable String principal, Source source, long head) {
    return logs.with(
        key,
        log -> {
          log.catchUp();
          if (log.isHalf()) {
            try {
              check();
            } catch (FileFault e) {
              return new AppendAnswer.Refused(
                  new Refusal(Code.INVALID, String.valueOf(e.getMessage()), log.copied().head()));
            }
          }
          return logs.append(
              log,
              SETTLE_ID,
              principal,
              _ -> true,
              view -> logs.copyRules().settle(view, source, head));
        });
  }

  /** Reads all of it once more: what is in the store counts, not what was sent. */
  private void check() throws FileFault {
    LogCheck check = new LogCheck();
    try (Stream<LogRecord> records = Records.of(logs.store(), key, 0, ALL)) {
      for (Iterator<LogRecord> it = records.iterator(); it.hasNext(); ) {
        check.next(it.next());
      }
    }
  }

  /**
   * Ends the log here, for it goes on elsewhere.
   *
   * @param target where, for people
   * @param head the last record that was copied
   * @return accepted without records if it was moved to the same target before; refused with {@code
   *     CONFLICT} when there is more to copy
   */
  public AppendAnswer moveTo(@Nullable String principal, ObjectNode target, long head) {
    return logs.with(
        key,
        log ->
            logs.append(
                log,
                logs.ids().next("move"),
                principal,
                _ -> true,
                view -> logs.copyRules().move(view, target, head)));
  }
}
