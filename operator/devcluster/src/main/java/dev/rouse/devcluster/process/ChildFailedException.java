package dev.rouse.devcluster.process;

/**
 * A child process ended, or did not become ready, when it should have lived. The message names it,
 * how it ended, its log file and the log's last lines.
 */
public final class ChildFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ChildFailedException(String message) {
    super(message);
  }

  /** Whether the last lines of the child's log hold a text. */
  public boolean mentions(String text) {
    return String.valueOf(getMessage()).contains(text);
  }
}
