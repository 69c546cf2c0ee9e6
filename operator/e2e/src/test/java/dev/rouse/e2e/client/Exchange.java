package dev.rouse.e2e.client;

import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSessionStatusIdleEvent;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsStreamSessionEvents;
import java.util.List;

/**
 * What came over an open stream from one sending until the session rested.
 *
 * @param events in the order of their arrival
 */
record Exchange(List<BetaManagedAgentsStreamSessionEvents> events) {

  Exchange {
    events = List.copyOf(events);
  }

  /** Why the session rests. */
  BetaManagedAgentsSessionStatusIdleEvent.StopReason stopReason() {
    return events.getLast().asSessionStatusIdle().stopReason();
  }

  /** Ids of the calls that somebody has to answer. */
  List<String> awaited() {
    return stopReason().asRequiresAction().eventIds();
  }

  /** What the agent said, message by message. */
  List<String> said() {
    return events.stream()
        .filter(BetaManagedAgentsStreamSessionEvents::isAgentMessage)
        .flatMap(event -> event.asAgentMessage().content().stream())
        .map(block -> block.asText().text())
        .toList();
  }

  /** Ids of the stored events, previews left out. */
  List<String> ids() {
    return events.stream()
        .filter(event -> !event.isEventStart() && !event.isEventDelta())
        .map(event -> event.id().orElseThrow())
        .toList();
  }
}
