package dev.rouse.devcluster.model.judge;

/** A request that is refused; the message names the place and what is wrong with it. */
public final class FaultException extends RuntimeException {

  private final FaultKind kind;

  public FaultException(FaultKind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** At a place in the request, such as {@code messages.2.content.0}. */
  public FaultException(FaultKind kind, String place, String message) {
    this(kind, place + ": " + message);
  }

  public FaultKind kind() {
    return kind;
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
