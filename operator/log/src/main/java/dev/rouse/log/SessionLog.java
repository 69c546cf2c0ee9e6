package dev.rouse.log;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import dev.rouse.session.protocol.BrainProtocol.Wake;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One session's log, with the session's rules. Blocking; for use by any thread, best a virtual one.
 *
 * <p>Every method may throw a {@link LogException}. After {@link OutcomeUnknown} the same call with
 * the same append id is safe, and the way to learn what happened.
 */
public final class SessionLog {

  private static final String CREATE_ID = "create";
  private static final String WAKE_ID = "wake-";
  private static final String DELIVER_ID = "message-";

  private final LogKey key;
  private final SessionLogs logs;

  SessionLog(LogKey key, SessionLogs logs) {
    this.key = key;
    this.logs = logs;
  }

  public LogKey key() {
    return key;
  }

  /** The state at the head that the store has now. */
  public SessionState state() {
    return logs.with(
        key,
        log -> {
          log.catchUp();
          return log.state();
        });
  }

  /** The state that this process saw last; asks the store only if it saw none. */
  public SessionState cachedState() {
    return logs.with(
        key,
        log -> {
          if (log.isNew()) {
            log.catchUp();
          }
          return log.state();
        });
  }

  /** The head that the store has now, and what the log takes there. */
  public Head head() {
    return logs.with(
        key,
        log -> {
          log.catchUp();
          return log.head();
        });
  }

  /** The head that this process saw last, and what the log took there. */
  public Head cachedHead() {
    return logs.with(key, OpenLog::head);
  }

  /** How much room is left, by what this process saw last. */
  public Room room() {
    return logs.with(key, log -> logs.room(log.head()));
  }

  /**
   * The records from {@code from} on, at most {@code limit}, up to the head that the store has now.
   * Read lazily.
   */
  public Stream<LogRecord> read(long from, int limit) {
    boolean half =
        logs.with(
            key,
            log -> {
              log.catchUp();
              return log.isHalf();
            });
    return half ? Stream.empty() : Records.of(logs.store(), key, from, limit);
  }

  /** How this log is made a copy of another one, or ended because it goes on elsewhere. */
  public LogCopy copy() {
    return new LogCopy(key, logs);
  }

  /**
   * Appends what {@code judge} decides at the head.
   *
   * @param appendId chosen by the caller; the same id again is answered like the first time,
   *     whatever the judge would say now
   * @param principal who asks, where that is a person or a client
   */
  public AppendAnswer append(String appendId, @Nullable String principal, Judge judge) {
    return append(appendId, principal, _ -> true, view -> judge.judge(view.state()));
  }

  /**
   * Writes record 0, and the first input in the same commit.
   *
   * @return accepted also when there is a record 0 already: the records are then that one alone
   */
  public AppendAnswer create(InternalEvent.Created created, List<UserEvent> input) {
    return create(created, null, input);
  }

  /**
   * The same on behalf of a client.
   *
   * @param principal who asks
   */
  public AppendAnswer create(
      InternalEvent.Created created, @Nullable String principal, List<UserEvent> input) {
    return append(
        CREATE_ID,
        principal,
        _ -> true,
        view ->
            view.state().exists()
                ? new Decision.Stands(List.of())
                : input.isEmpty()
                    ? Decision.append(view.state(), List.of(created))
                    : logs.inputRules().judge(view, List.of(created), input));
  }

  /**
   * Takes in a client's events.
   *
   * @param input with ids already minted; an answer that was given before is answered with the
   *     first one
   * @return if accepted, one record for each event of {@code input} in its order: {@code
   *     rouse.received} for what waits, the event itself for what is processed
   */
  public AppendAnswer receive(String appendId, @Nullable String principal, List<UserEvent> input) {
    return logs.with(
        key,
        log -> {
          AppendAnswer answer =
              logs.append(
                  log,
                  appendId,
                  principal,
                  records -> Echoes.match(records, input, log::first),
                  view -> logs.inputRules().judge(view, List.of(), input));
          return answer instanceof AppendAnswer.Accepted accepted
              ? new AppendAnswer.Accepted(
                  accepted.head(), Echoes.of(input, accepted.records(), log::first))
              : answer;
        });
  }

  /**
   * Delivers an entry of {@code spec.messages}: once for its id.
   *
   * @param messageId the entry's id
   * @param message with its event id minted
   * @return accepted without records when it was delivered before
   */
  public AppendAnswer deliver(String messageId, UserEvent.Message message) {
    Event delivered =
        new InternalEvent.MessageDelivered(logs.ids().event(), messageId, key.sessionUid());
    return append(
        DELIVER_ID + key.sessionUid() + "-" + messageId,
        null,
        _ -> true,
        view ->
            view.state().deliveredMessages().contains(messageId)
                ? new Decision.Stands(List.of())
                : logs.inputRules().judge(view, List.of(delivered), List.of(message)));
  }

  /**
   * Brings the log's description up to what is wanted, and changes the agent in force.
   *
   * @param wanted asked for at each judgement, so that the last wish counts
   * @param agent makes the agent that is to follow, as the wire shows it in a session; null to
   *     leave it. Refused with {@code CONFLICT} unless the session is idle
   * @return accepted without records when nothing is to change
   */
  public AppendAnswer update(
      @Nullable String principal,
      Supplier<Description> wanted,
      @Nullable Function<AgentSnapshot, ObjectNode> agent) {
    return append(
        logs.ids().next("update"),
        principal,
        _ -> true,
        view -> logs.updateRules().update(view, wanted, agent));
  }

  /**
   * What {@link #update} would refuse now, were the description the one that the log has; appends
   * nothing.
   *
   * @param changesAgent whether the agent in force is to change
   */
  public Optional<Refusal> refusesUpdate(boolean changesAgent) {
    AppendAnswer answer =
        append(
            logs.ids().next("check"),
            null,
            _ -> true,
            view -> {
              Decision decision =
                  logs.updateRules()
                      .update(
                          view,
                          () ->
                              new Description(
                                  view.state().title(),
                                  view.state().metadata(),
                                  view.state().budget()),
                          changesAgent ? EventCodec.JSON::valueToTree : null);
              return decision instanceof Decision.Refuse
                  ? decision
                  : new Decision.Stands(List.of());
            });
    return answer instanceof AppendAnswer.Refused(Refusal refusal)
        ? Optional.of(refusal)
        : Optional.empty();
  }

  /**
   * Ends the session for good, judged at the head: refused with {@code CONFLICT} while it works.
   *
   * @return accepted without records when it had ended before
   */
  public AppendAnswer end(@Nullable String principal) {
    return append(
        logs.ids().next("end"), principal, _ -> true, view -> logs.updateRules().end(view));
  }

  /**
   * Ends a session that is to be deleted, as {@link #end} does: from here on nothing is taken in
   * that the deletion would take away.
   */
  public AppendAnswer endToDelete(@Nullable String principal) {
    return append(logs.ids().next("delete"), principal, _ -> true, logs.updateRules()::endToDelete);
  }

  /**
   * Appends a brain's commit, if the brain is still the one and no interrupt stands against it.
   *
   * @param podUid the pod that the caller's token names
   * @return if accepted, the commit's records; the server's own {@code session.status_running} may
   *     follow an idle, and the first result of a tool use stands in for a later equal one
   */
  public AppendAnswer appendAsBrain(String podUid, CommitRequest request) {
    return append(
        request.appendId(),
        null,
        records -> sameCommit(records, request.events()),
        view -> logs.brainRules().judge(view, podUid, request));
  }

  /**
   * Gives the session to a pod.
   *
   * @param podUid the pod that the caller's token names
   * @param why for a person to read
   * @param excused pods that ended by eviction or drain: their wakes do not count
   */
  public WakeAnswer wake(String podUid, String why, Set<String> excused) {
    return logs.with(
        key,
        log -> {
          AppendAnswer answer =
              logs.append(
                  log,
                  WAKE_ID + podUid,
                  null,
                  _ -> true,
                  view -> logs.wakeRules().judge(view, podUid, why, excused));
          return switch (answer) {
            case AppendAnswer.Refused refused -> new WakeAnswer.Refused(refused.refusal());
            case AppendAnswer.Accepted accepted -> granted(log, accepted);
          };
        });
  }

  private WakeAnswer granted(OpenLog log, AppendAnswer.Accepted accepted) {
    if (!(accepted.records().getFirst().event() instanceof InternalEvent.Woken woken)) {
      return new WakeAnswer.Refused(WakeRules.poisoned(key, log.state()).refusal());
    }
    log.catchUp();
    return woken.epoch() == log.state().epoch()
        ? new WakeAnswer.Granted(new Wake(woken.epoch(), accepted.head()))
        : new WakeAnswer.Refused(
            new Refusal(
                Code.FENCED,
                "pod " + woken.podUid() + " had " + key.describe() + " before, another has it now",
                log.state().head()));
  }

  /** Follows the log from record {@code from} on, which may be in the past or the future. */
  public Follower follow(long from) {
    return logs.follow(key, from);
  }

  /**
   * Reads the whole log as the store has it, and with it what this process had forgotten.
   *
   * @throws LogCorrupt when a part of it is damaged or missing
   */
  public void check() {
    head();
    try (Stream<LogRecord> records = Records.of(logs.store(), key, 0, Integer.MAX_VALUE)) {
      records.forEach(_ -> {});
    }
  }

  /** Removes the log and ends who follows it. */
  public void delete() {
    logs.delete(key);
  }

  private AppendAnswer append(
      String appendId,
      @Nullable String principal,
      Predicate<List<LogRecord>> sameAsBefore,
      LogJudge judge) {
    return logs.with(key, log -> logs.append(log, appendId, principal, sameAsBefore, judge));
  }

  private static boolean sameCommit(List<LogRecord> records, List<Event> events) {
    Map<String, Event> before = new HashMap<>();
    records.forEach(record -> before.put(record.event().id(), record.event()));
    for (Event event : events) {
      Optional<Event> stored = Optional.ofNullable(before.get(event.id()));
      boolean same =
          stored
              .map(first -> EventCodec.toJson(first).equals(EventCodec.toJson(event)))
              .orElseGet(() -> Answer.of(event).isPresent());
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
