package dev.rouse.server;

import dev.rouse.api.SessionSpec;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.server.resource.SessionChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Specs and statuses of sessions as they are after somebody has written a part of them. */
final class SessionEdits {

  private SessionEdits() {}

  static SessionSpec withMessage(SessionSpec spec, SessionSpec.Message message) {
    List<SessionSpec.Message> messages = new ArrayList<>(spec.messages());
    messages.add(message);
    return new SessionSpec(
        spec.agentRef(),
        spec.environmentRef(),
        spec.title(),
        spec.metadata(),
        messages,
        spec.suspend(),
        spec.overrides(),
        spec.archived(),
        spec.forkFrom(),
        spec.budget());
  }

  /** The fields that an API caller's change writes. */
  static List<String> fields(SessionChange change) {
    List<String> fields = new ArrayList<>();
    change.put().keySet().forEach(key -> fields.add("spec.metadata." + key));
    change.removed().forEach(key -> fields.add("spec.metadata." + key));
    if (change.budget() != null) {
      fields.add("spec.budget");
    }
    if (change.title() != null) {
      fields.add("spec.title");
    }
    return fields;
  }

  /** A spec as an API caller changes it. */
  static SessionSpec changed(SessionSpec spec, SessionChange change) {
    Map<String, String> metadata = new HashMap<>(spec.metadata());
    metadata.putAll(change.put());
    metadata.keySet().removeAll(change.removed());
    return new SessionSpec(
        spec.agentRef(),
        spec.environmentRef(),
        change.title() == null ? spec.title() : change.title().text(),
        metadata,
        spec.messages(),
        spec.suspend(),
        spec.overrides(),
        change.archive() ? Boolean.TRUE : spec.archived(),
        spec.forkFrom(),
        change.budget() == null ? spec.budget() : change.budget().limit());
  }

  /** A status, if there is one, with what the operator says; null where it says nothing new. */
  static SessionStatus withOperatorPart(SessionStatus status, Harness harness, Hands hands) {
    return new SessionStatus(
        status == null ? null : status.phase(),
        status == null ? null : status.stopReason(),
        status == null ? null : status.agentVersion(),
        status == null ? null : status.provider(),
        status == null ? null : status.log(),
        status == null ? null : status.usage(),
        status == null ? List.of() : status.pendingActions(),
        status == null ? null : status.pendingActionCount(),
        status == null ? null : status.handsWanted(),
        harness != null || status == null ? harness : status.harness(),
        hands != null || status == null ? hands : status.hands(),
        1L,
        status == null ? List.of() : status.conditions());
  }

  /** A status, if there is one, with the server's part of another. */
  static SessionStatus withServerPart(SessionStatus status, SessionStatus server) {
    return new SessionStatus(
        server.phase(),
        server.stopReason(),
        server.agentVersion(),
        server.provider(),
        server.log(),
        server.usage(),
        server.pendingActions(),
        server.pendingActionCount(),
        server.handsWanted(),
        status == null ? null : status.harness(),
        status == null ? null : status.hands(),
        status == null ? null : status.observedGeneration(),
        server.conditions());
  }
}
