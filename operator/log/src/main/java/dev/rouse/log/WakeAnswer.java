package dev.rouse.log;

import dev.rouse.session.protocol.BrainProtocol.Refusal;
import dev.rouse.session.protocol.BrainProtocol.Wake;

/** What a brain that asks for its session gets. */
public sealed interface WakeAnswer {

  /** The session is this pod's. */
  record Granted(Wake wake) implements WakeAnswer {}

  /** It is not; with {@code POISONED} the session was put to rest by this very call. */
  record Refused(Refusal refusal) implements WakeAnswer {}
}
