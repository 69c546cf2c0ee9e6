package dev.rouse.log;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a log becomes a copy of another one: its records as they are, in as many commits as it takes,
 * then one commit that begins with {@code rouse.origin}. Before that one there is half a copy.
 */
final class CopyRules {

  private final Ids ids;
  private final StatusEvents status;
  private final Closing closing;

  CopyRules(Ids ids) {
    this.ids = ids;
    this.status = new StatusEvents(ids);
    this.closing = new Closing(ids);
  }

  /** Judges the next records of a copy; those that stand already were compared before. */
  Decision next(LogView view, List<LogRecord> records) {
    SessionState copied = view.copied();
    if (view.state().exists()) {
      return refuse(view, Code.CONFLICT, "is whole already: a copy cannot be made over it");
    }
    if (records.getFirst().seq() == 0
        && !(records.getFirst().event() instanceof InternalEvent.Created)) {
      return refuse(view, Code.INVALID, "cannot begin with a record that is no rouse.created");
    }
    if (records.stream().anyMatch(record -> view.key().sessionUid().equals(home(record)))) {
      return refuse(view, Code.INVALID, "cannot be a copy of itself");
    }
    long next = copied.head() + 1;
    if (records.getFirst().seq() > next) {
      return refuse(
          view,
          Code.CONFLICT,
          "ends at record %d: record %d cannot follow"
              .formatted(copied.head(), records.getFirst().seq()));
    }
    List<LogRecord> rest = records.stream().filter(record -> record.seq() >= next).toList();
    if (rest.isEmpty()) {
      return new Decision.Stands(List.of());
    }
    if (view.room() != Room.FREE) {
      return view.room().refuse(view);
    }
    return new Decision.Copy(rest);
  }

  /** The Session that a log belongs to after this record; null if that does not say. */
  private static @Nullable String home(LogRecord record) {
    return switch (record.event()) {
      case InternalEvent.Created created -> created.sessionUid();
      case InternalEvent.Origin origin -> origin.sessionUid();
      case Event _ -> null;
    };
  }

  /**
   * Judges the last commit of a copy.
   *
   * @param head the last record that is to be copied
   */
  Decision settle(LogView view, Source source, long head) {
    SessionState copied = view.copied();
    if (view.state().exists()) {
      return new Decision.Stands(List.of());
    }
    if (copied.head() != head || copied.created() == null) {
      return refuse(
          view,
          Code.CONFLICT,
          "ends at record %d of %d: the rest is missing".formatted(copied.head(), head));
    }
    if (copied.unreadable() != null) {
      return refuse(
          view,
          Code.NEEDS_NEWER_VERSION,
          "holds " + copied.unreadable() + ", which needs a newer version of Rouse");
    }
    List<Event> events = new ArrayList<>();
    events.add(
        new InternalEvent.Origin(
            ids.event(), view.key().sessionUid(), json(source, copied.created(), copied)));
    if (!staysAsItIs(source.kind(), copied)) {
      events.addAll(closing.of(copied, "the session was copied to another place at this point"));
      events.addAll(status.idle(view.after(events), StopReason.END_TURN));
    }
    return Decision.append(copied, events);
  }

  /**
   * A copy of a whole log that rests goes on resting, with all it waits for. A fork waits for
   * nobody: the source does that.
   */
  private static boolean staysAsItIs(Source.Kind kind, SessionState copied) {
    boolean rests =
        copied.phase() == Phase.IDLE
            && copied.openSpan() == null
            && copied.awaited().size() == copied.openToolUses().size()
            && (copied.queued().isEmpty()
                || !copied.awaited().isEmpty()
                || StopReason.BUDGET_REACHED.equals(copied.stopReason()));
    return switch (kind) {
      case IMPORT, MOVE -> rests || copied.phase().isTerminal();
      case FORK -> rests && copied.openToolUses().isEmpty() && !copied.isAnswerDue();
    };
  }

  private static ObjectNode json(
      Source source, InternalEvent.Created created, SessionState copied) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", source.kind().wireName())
        .put("session_uid", Objects.requireNonNull(copied.home()))
        .put("namespace", source.namespace() == null ? created.namespace() : source.namespace())
        .put("name", source.name() == null ? created.name() : source.name())
        .put("head", copied.head());
  }

  /**
   * Judges that the log goes on elsewhere.
   *
   * @param head the last record that was copied: nothing may have come since
   */
  Decision move(LogView view, ObjectNode target, long head) {
    SessionState state = view.state();
    if (target.equals(state.movedTo())) {
      return new Decision.Stands(List.of());
    }
    return OpenForWork.refusal(view.key(), state).orElseGet(() -> moveOpen(view, target, head));
  }

  private Decision moveOpen(LogView view, ObjectNode target, long head) {
    SessionState state = view.state();
    if (state.phase() != Phase.IDLE) {
      return refuse(
          view,
          Code.INVALID,
          "is %s: wait until it is idle, or interrupt it, before it is moved"
              .formatted(state.phase().wireName()));
    }
    return state.head() == head
        ? Decision.append(state, List.of(new InternalEvent.Moved(ids.event(), target)))
        : refuse(
            view,
            Code.CONFLICT,
            "has gone on to record %d since it was copied up to %d: copy the rest"
                .formatted(state.head(), head));
  }

  private static Decision refuse(LogView view, Code code, String what) {
    return new Decision.Refuse(
        new Refusal(code, view.key().describe() + " " + what, view.copied().head()));
  }
}
