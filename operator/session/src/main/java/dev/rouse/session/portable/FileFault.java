package dev.rouse.session.portable;

/** A file or record that cannot be taken; the message says where, what, and the way out. */
public final class FileFault extends Exception {
  private static final long serialVersionUID = 1L;

  public FileFault(String message) {
    super(message);
  }

  FileFault(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same, with the line it is in. */
  FileFault at(long line) {
    return new FileFault("line " + line + ": " + getMessage(), this);
  }
}
