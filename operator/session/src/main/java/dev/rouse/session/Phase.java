package dev.rouse.session;

import java.util.Locale;

/** Where a session stands; taken from the last status record of its log. */
public enum Phase {
  /** Nothing was asked of it yet. */
  PENDING(false, false, "no record yet"),
  /** Nothing to do, or waiting for an answer. Costs no pod. */
  IDLE(false, false, "waiting for input"),
  /** Work is due or under way. */
  RUNNING(true, false, "a brain works, or is about to"),
  /** A transient error; the brain tries again by itself. */
  RESCHEDULING(true, false, "trying again after a transient error"),
  /** Ended for good; the log stays. */
  TERMINATED(false, true, "ended for good");

  private final boolean due;
  private final boolean terminal;
  private final String description;

  Phase(boolean due, boolean terminal, String description) {
    this.due = due;
    this.terminal = terminal;
    this.description = description;
  }

  /** Whether a brain is needed. */
  public boolean isDue() {
    return due;
  }

  /** Whether nothing can follow. */
  public boolean isTerminal() {
    return terminal;
  }

  /** For people, in one phrase. */
  public String description() {
    return description;
  }

  /** The wire's {@code status} of a session in this phase. */
  public String wireName() {
    return this == PENDING ? "idle" : name().toLowerCase(Locale.ROOT);
  }

  /** The name in {@code Session.status.phase}. */
  public String title() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
