package dev.rouse.server.http;

/** A request's body that was not read to its end. */
public final class BodyRefused extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Why {
    /** Longer than the endpoint takes. */
    TOO_LARGE,
    /** The client did not send it in time. */
    TOO_SLOW,
    /** The connection broke. */
    BROKEN,
    /** All bodies together would take too much memory: it may be sent again. */
    NO_ROOM
  }

  private final Why why;

  BodyRefused(Why why, String message) {
    super(message);
    this.why = why;
  }

  public Why why() {
    return why;
  }
}
