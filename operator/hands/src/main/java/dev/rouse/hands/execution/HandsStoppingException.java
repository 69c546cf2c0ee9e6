package dev.rouse.hands.execution;

/**
 * The hands are being stopped. There is no answer to give: the call was not started, and may be
 * sent again to the hands that come next.
 */
public final class HandsStoppingException extends Exception {

  HandsStoppingException() {
    super("the hands are being stopped");
  }
}
