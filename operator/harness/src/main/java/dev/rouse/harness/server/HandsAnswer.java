package dev.rouse.harness.server;

import dev.rouse.session.protocol.BrainProtocol;

/** What the server says when it is asked for hands. */
public sealed interface HandsAnswer {

  record Ready(BrainProtocol.Hands hands) implements HandsAnswer {}

  /** Not yet: ask again. */
  record Pending(BrainProtocol.HandsPending pending) implements HandsAnswer {}
}
