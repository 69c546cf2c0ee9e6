package dev.rouse.server.auth;

/** The API server could not be asked who calls, or what they may. Nobody is let in meanwhile. */
public final class ReviewUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ReviewUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
