package dev.rouse.harness.hands;

import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Refusal;

/** The hands refused a call; it executed nothing. */
public final class HandsRefused extends Exception {

  private final transient Refusal refusal;

  public HandsRefused(Refusal refusal) {
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
