package dev.rouse.harness.server;

import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;

/** The server judged a call and said no. */
public final class Refused extends Exception {

  private final transient Refusal refusal;

  public Refused(Refusal refusal) {
    super(refusal.code() + ": " + refusal.message());
    this.refusal = refusal;
  }

  public Code code() {
    return refusal.code();
  }

  public Refusal refusal() {
    return refusal;
  }
}
