package dev.rouse.devcluster.demo;

/** The demo did not show what it promises; the message says what was missing. */
public final class DemoFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DemoFailedException(String message) {
    super(message);
  }
}
