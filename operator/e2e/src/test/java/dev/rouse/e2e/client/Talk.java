package dev.rouse.e2e.client;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.beta.sessions.BetaManagedAgentsDeltaType;
import com.anthropic.models.beta.sessions.BetaManagedAgentsSession;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSessionEvent;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsStreamSessionEvents;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserCustomToolResultEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserInterruptEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserMessageEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserToolConfirmationEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserToolConfirmationEventParams.Result;
import com.anthropic.models.beta.sessions.events.EventListParams;
import com.anthropic.models.beta.sessions.events.EventSendParams;
import com.anthropic.models.beta.sessions.events.EventStreamParams;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A session as a program sees it through the SDK. */
record Talk(AnthropicClient client, String id) {

  /** Opens a stream, sends, and reads until the session rests. */
  Exchange exchange(Consumer<EventSendParams.Builder> what) {
    return exchange(what, _ -> false, _ -> {});
  }

  /**
   * The same; and once an event comes for which {@code moment} holds, {@code then} is sent, too.
   */
  Exchange exchange(
      Consumer<EventSendParams.Builder> what,
      Predicate<BetaManagedAgentsStreamSessionEvents> moment,
      Consumer<EventSendParams.Builder> then) {
    EventStreamParams withPreviews =
        EventStreamParams.builder().addEventDelta(BetaManagedAgentsDeltaType.AGENT_MESSAGE).build();
    List<BetaManagedAgentsStreamSessionEvents> seen = new ArrayList<>();
    try (StreamResponse<BetaManagedAgentsStreamSessionEvents> stream =
        client.beta().sessions().events().streamStreaming(id, withPreviews)) {
      send(what);
      boolean sent = false;
      for (BetaManagedAgentsStreamSessionEvents event : stream) {
        seen.add(event);
        if (!sent && moment.test(event)) {
          send(then);
          sent = true;
        }
        if (event.isSessionStatusIdle()) {
          return new Exchange(seen);
        }
      }
    }
    throw new AssertionError("the stream ended before the session rested: " + seen);
  }

  void send(Consumer<EventSendParams.Builder> what) {
    EventSendParams.Builder events = EventSendParams.builder();
    what.accept(events);
    client.beta().sessions().events().send(id, events.build());
  }

  /** The session as it is now. */
  BetaManagedAgentsSession now() {
    return client.beta().sessions().retrieve(id);
  }

  /** The whole history, fetched in pages of {@code size}. */
  List<BetaManagedAgentsSessionEvent> history(int size) {
    EventListParams page = EventListParams.builder().limit(size).build();
    return client.beta().sessions().events().list(id, page).autoPager().stream().toList();
  }

  static Consumer<EventSendParams.Builder> message(String text) {
    return events ->
        events.addEvent(
            BetaManagedAgentsUserMessageEventParams.builder().addTextContent(text).build());
  }

  static Consumer<EventSendParams.Builder> interrupt() {
    return events -> events.addEvent(BetaManagedAgentsUserInterruptEventParams.builder().build());
  }

  static Consumer<EventSendParams.Builder> allow(String call) {
    return events -> events.addEvent(confirmation(call).result(Result.ALLOW).build());
  }

  static Consumer<EventSendParams.Builder> deny(String call, String why) {
    return events ->
        events.addEvent(confirmation(call).result(Result.DENY).denyMessage(why).build());
  }

  static Consumer<EventSendParams.Builder> customResult(String call, String text) {
    return events ->
        events.addEvent(
            BetaManagedAgentsUserCustomToolResultEventParams.builder()
                .customToolUseId(call)
                .addTextContent(text)
                .build());
  }

  private static BetaManagedAgentsUserToolConfirmationEventParams.Builder confirmation(
      String call) {
    return BetaManagedAgentsUserToolConfirmationEventParams.builder().toolUseId(call);
  }
}
