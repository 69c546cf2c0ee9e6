package dev.rouse.server.wire;

import dev.rouse.api.wire.Absent;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.server.wire.ContentBody.Kind;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Ids;
import dev.rouse.session.UserEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends (contract §2.2): read as a whole before any of it counts, with ids minted.
 *
 * @param events at least one
 */
record SentEvents(List<UserEvent> events) {

  /** Events of one request. */
  static final int MAX_EVENTS = 1000;

  /** First events of a session. */
  static final int MAX_INITIAL = 50;

  private static final int ID = 256;
  private static final int DENY_MESSAGE = 32_768;

  SentEvents {
    events = List.copyOf(events);
  }

  /** The events of {@code POST …/events}. */
  static SentEvents of(Body body, Ids ids) throws InvalidBody {
    List<UserEvent> events = new ArrayList<>();
    for (Body event : body.objects("events", 1, MAX_EVENTS)) {
      events.add(event(event, ids));
    }
    body.refuseUnknown();
    places(events);
    return new SentEvents(events);
  }

  /** The {@code initial_events} of a session that is made; may be none. */
  static List<UserEvent> initial(Body body, Ids ids) throws InvalidBody {
    List<UserEvent> events = new ArrayList<>();
    for (Body event : body.objects("initial_events", 0, MAX_INITIAL)) {
      String type = event.requiredText("type", 1, ID);
      if ("user.define_outcome".equals(type)) {
        throw outcomes(event);
      }
      event.word("type", "user.message");
      events.add(event(event, ids));
    }
    return events;
  }

  /** Whether a call is allowed or refused by this. */
  boolean approves() {
    return events.stream().anyMatch(UserEvent.ToolConfirmation.class::isInstance);
  }

  /** Whether there is more than permissions in this. */
  boolean sends() {
    return !events.stream().allMatch(UserEvent.ToolConfirmation.class::isInstance);
  }

  /** Whether there is nothing but results of calls in this. */
  boolean isResults() {
    return events.stream().allMatch(SentEvents::isResult);
  }

  private static boolean isResult(UserEvent event) {
    return event instanceof UserEvent.ToolResult || event instanceof UserEvent.CustomToolResult;
  }

  /** The same, with who allowed or refused calls. */
  List<UserEvent> by(String principal) {
    return events.stream()
        .map(event ->
            event instanceof UserEvent.ToolConfirmation confirmation
                ? confirmation.decidedBy(principal)
                : event)
        .toList();
  }

  private static UserEvent event(Body event, Ids ids) throws InvalidBody {
    String type = event.requiredText("type", 1, ID);
    UserEvent read =
        switch (type) {
          case "user.message" ->
              new UserEvent.Message(ids.event(), ContentBody.of(event, Kind.MESSAGE, 1));
          case "user.interrupt" -> new UserEvent.Interrupt(ids.event(), thread(event));
          case "user.tool_confirmation" -> confirmation(event, ids);
          case "user.custom_tool_result" ->
              new UserEvent.CustomToolResult(
                  ids.event(),
                  event.requiredText("custom_tool_use_id", 1, ID),
                  result(event),
                  event.bool("is_error"),
                  thread(event));
          case "system.message" ->
              new UserEvent.SystemMessage(ids.event(), ContentBody.of(event, Kind.SYSTEM, 1));
          case "user.tool_result" ->
              new UserEvent.ToolResult(
                  ids.event(),
                  event.requiredText("tool_use_id", 1, ID),
                  result(event),
                  event.bool("is_error"),
                  thread(event));
          case "user.define_outcome" -> throw outcomes(event);
          default ->
              throw event.wrong(
                  "type",
                  ("must be user.message, user.interrupt, user.tool_confirmation,"
                          + " user.tool_result, user.custom_tool_result or system.message, is"
                          + " \"%s\"")
                      .formatted(Body.brief(type)));
        };
    event.refuseUnknown();
    return read;
  }

  private static UserEvent confirmation(Body event, Ids ids) throws InvalidBody {
    String toolUse = event.requiredText("tool_use_id", 1, ID);
    String result = event.word("result", "allow", "deny");
    @Nullable String message = event.text("deny_message", 0, DENY_MESSAGE);
    if (message != null && !"deny".equals(result)) {
      throw event.wrong("deny_message", "only with result \"deny\"");
    }
    return new UserEvent.ToolConfirmation(ids.event(), toolUse, result, message, thread(event));
  }

  private static @Nullable List<ContentBlock> result(Body event) throws InvalidBody {
    return event.value("content") == null ? null : ContentBody.of(event, Kind.RESULT, 0);
  }

  private static @Nullable String thread(Body event) throws InvalidBody {
    return event.text("session_thread_id", 1, ID);
  }

  private static InvalidBody outcomes(Body event) {
    return InvalidBody.later(event.path("type"), Absent.OUTCOMES);
  }

  /** At most one system message, at the end, behind a message or a result. */
  private static void places(List<UserEvent> events) throws InvalidBody {
    for (int i = 0; i < events.size(); i++) {
      if (!(events.get(i) instanceof UserEvent.SystemMessage)) {
        continue;
      }
      if (i < events.size() - 1) {
        throw InvalidBody.at(
            "events." + i, "a system.message must be the only one and the last event");
      }
      if (events.stream()
          .noneMatch(event -> event instanceof UserEvent.Message || isResult(event))) {
        throw InvalidBody.at(
            "events." + i,
            "a system.message must follow a user.message or a result of the same request");
      }
    }
  }
}
