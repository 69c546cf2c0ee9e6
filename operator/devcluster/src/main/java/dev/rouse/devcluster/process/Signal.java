package dev.rouse.devcluster.process;

/** The signals that a test or the launcher sends to a child. */
public enum Signal {
  /** Asks it to end. */
  TERM,
  /** Ends it without asking. */
  KILL,
  /** Stops it where it stands, as a process that hangs would. */
  STOP,
  /** Lets it go on after {@link #STOP}. */
  CONT
}
