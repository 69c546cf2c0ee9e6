package dev.rouse.server.keeper;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.LogHead;
import dev.rouse.api.SessionStatus.PendingAction;
import dev.rouse.api.SessionStatus.Usage;
import dev.rouse.log.BudgetFault;
import dev.rouse.log.Room;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ListCost;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.ToolUse;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server's part of a Session's status, as it follows from the log. Pure but for the clock. */
final class StatusView {

  /** Waiting calls that are listed; {@code pendingActionCount} counts all. */
  static final int ACTIONS = 32;

  private static final int NAME = 64;
  private static final int MESSAGE = 1024;

  /** An entry of {@code spec.messages} that was refused. @param reason for machines */
  record Refused(String messageId, String reason, String message) {}

  /**
   * What there is to show of a log.
   *
   * @param bytes what the log takes in its store
   * @param refused the first message that cannot be delivered, if there is one
   */
  record Shown(SessionState state, long bytes, Room room, @Nullable Refused refused) {}

  private final Clock clock;

  StatusView(Clock clock) {
    this.clock = clock;
  }

  /** The whole server's part; {@code handsWanted} is kept as it is on the object. */
  SessionStatus of(Session session, Shown shown) {
    SessionState state = shown.state();
    SessionStatus before = ServerPart.of(session);
    InternalEvent.Created created = state.created();
    List<String> awaited = state.moved() ? List.of() : state.awaitedOfPeople();
    StopReason stop = state.stopReason();
    return new SessionStatus(
        state.phase().title(),
        state.moved() ? "moved" : stop == null ? null : stop.type(),
        created == null ? null : created.agent().version(),
        created == null ? null : created.provider().name(),
        state.exists() ? new LogHead(state.head(), shown.bytes(), Tail.of(state)) : null,
        state.exists() ? usage(state) : null,
        awaited.stream().limit(ACTIONS).map(id -> action(state, id)).toList(),
        awaited.isEmpty() ? null : awaited.size(),
        before.handsWanted(),
        null,
        null,
        null,
        conditions(before.conditions(), session, shown));
  }

  /** The server's part before there is a log. */
  SessionStatus pending(Session session) {
    return of(session, new Shown(SessionState.empty(), 0, Room.FREE, null));
  }

  /** The server's part of a session that cannot be the fork that it is to be. */
  SessionStatus forkRefused(Session session, String reason, String message) {
    SessionStatus before = ServerPart.of(session);
    return ServerPart.withConditions(
        pending(session),
        List.of(condition(before.conditions(), ServerPart.FORK_REFUSED, reason, message)));
  }

  /** The server's part as it stands, with the condition that a newer version is needed. */
  SessionStatus tooNew(Session session) {
    SessionStatus before = ServerPart.of(session);
    return ServerPart.withConditions(
        before,
        List.of(
            condition(
                before.conditions(),
                ServerPart.NEEDS_NEWER_VERSION,
                "UnknownFormat",
                "The log is stored in a format of a newer version: upgrade Rouse.")));
  }

  /**
   * The server's part as it stands, with the condition that the log is damaged.
   *
   * @param reason for machines
   * @param message for people: which object, and the way out
   */
  SessionStatus corrupt(Session session, String reason, String message) {
    SessionStatus before = session.getStatus() == null ? pending(session) : ServerPart.of(session);
    return ServerPart.withConditions(
        before,
        List.of(condition(before.conditions(), ServerPart.LOG_CORRUPT, reason, message + ".")));
  }

  /**
   * Whether {@code next} must be written at once, and not only when some time has passed: the turn
   * began, ended or waits, or something is to be done by a person.
   */
  static boolean isUrgent(SessionStatus before, SessionStatus next) {
    return !Objects.equals(before.phase(), next.phase())
        || !Objects.equals(before.stopReason(), next.stopReason())
        || !before.pendingActions().equals(next.pendingActions())
        || !Objects.equals(before.provider(), next.provider())
        || !before.conditions().equals(next.conditions());
  }

  private static PendingAction action(SessionState state, String id) {
    ToolUse use = Objects.requireNonNull(state.openToolUses().get(id));
    String name = use.call().name();
    return new PendingAction(id, name.length() > NAME ? name.substring(0, NAME) : name);
  }

  private static Usage usage(SessionState state) {
    ModelUsage usage = state.usage();
    return new Usage(
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cacheCreationInputTokens(),
        usage.cacheReadInputTokens(),
        state.listCost().map(ListCost::dollars).orElse(null));
  }

  private List<Condition> conditions(List<Condition> before, Session session, Shown shown) {
    List<Condition> now = new ArrayList<>();
    String unreadable = shown.state().unreadable();
    switch (shown.room()) {
      case FREE -> {}
      case LOG_FULL, EXHAUSTED ->
          now.add(
              condition(
                  before,
                  ServerPart.LOG_FULL,
                  "LogLimit",
                  "The log is at its limit: no new input is taken. Go on in a new Session, or raise"
                      + " the limit."));
      case STORE_FULL ->
          now.add(
              condition(
                  before,
                  ServerPart.LOG_FULL,
                  "StoreLimit",
                  "The logs of all sessions together are at their limit: no new input is taken."
                      + " Delete Sessions that are done, or raise the limit."));
    }
    if (unreadable != null) {
      now.add(
          condition(
              before,
              ServerPart.NEEDS_NEWER_VERSION,
              "UnknownRecord",
              "The log holds "
                  + unreadable
                  + ", which this version does not understand: upgrade Rouse. Until then the log can"
                  + " be read and nothing else."));
    }
    shown
        .state()
        .movedTarget()
        .map(target ->
            condition(
                before,
                ServerPart.MOVED,
                "Moved",
                "The session was moved to " + target + ": go on there. No input is taken here."))
        .ifPresent(now::add);
    if (session.getSpec().isToBeArchived() && shown.state().phase().isDue()) {
      now.add(
          condition(
              before,
              ServerPart.ARCHIVE_WAITS,
              "WorkUnderWay",
              "spec.archived is true, and the session works: it ends when it is idle. Send"
                  + " user.interrupt to end it sooner."));
    }
    Refused refused = shown.refused();
    if (refused != null) {
      now.add(
          condition(
              before,
              ServerPart.MESSAGE_REFUSED,
              refused.reason(),
              "spec.messages entry "
                  + refused.messageId()
                  + " was not delivered: "
                  + refused.message()));
    }
    SessionState state = shown.state();
    if (state.exists() && !state.phase().isTerminal()) {
      BudgetFault.of(state, Budgets.of(session.getSpec()))
          .ifPresent(fault ->
              now.add(
                  condition(
                      before, ServerPart.BUDGET_REFUSED, reason(fault), fault.message(state))));
    }
    return now;
  }

  private static String reason(BudgetFault fault) {
    return switch (fault) {
      case BUDGET_CREATE_ONLY -> "CreateOnly";
      case BUDGET_NOT_RAISED -> "NotRaised";
      case MODEL_NOT_BUDGETABLE -> "ModelNotBudgetable";
    };
  }

  /** The condition as it stood, if it says the same; else a new one that keeps its transition. */
  private Condition condition(List<Condition> before, String type, String reason, String message) {
    String text = message.length() > MESSAGE ? message.substring(0, MESSAGE) : message;
    Optional<Condition> old =
        before.stream().filter(condition -> type.equals(condition.getType())).findFirst();
    Condition condition = new Condition();
    condition.setType(type);
    condition.setStatus("True");
    condition.setReason(reason);
    condition.setMessage(text);
    condition.setLastTransitionTime(
        old.map(Condition::getLastTransitionTime)
            .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString()));
    return condition;
  }
}
