package dev.rouse.harness;

/** Why the process ended, for the operator and for people who read a pod's status. */
public enum ExitCode {
  /** The session rests, and nothing came within the linger. */
  DONE(0),
  /** Another brain has the session: nothing that this one says counts any more. */
  FENCED(10),
  /** The session ended, was deleted or moved. */
  GONE(11),
  /** Too many wakes without progress; the server put the session to rest. */
  POISONED(12),
  /** The log was written by a newer version of this program. */
  NEEDS_NEWER_VERSION(13),
  /** A setting is missing or wrong; stderr names it. */
  CONFIG(64),
  /** A defect, or a server that could not be reached for too long. */
  INTERNAL(70);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The process' exit status. */
  public int code() {
    return code;
  }
}
