package dev.rouse.devcluster.model.script;

/** A turn fits, but cannot be rendered in this conversation; the message says what it lacks. */
public final class UnplayableException extends RuntimeException {
  UnplayableException(String message) {
    super(message);
  }
}
