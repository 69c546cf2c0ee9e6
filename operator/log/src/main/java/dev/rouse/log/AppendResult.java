package dev.rouse.log;

/** What a store answers to an append; that it does not know is {@link OutcomeUnknown}. */
public sealed interface AppendResult {

  /** Durable. @param head the head that the commit made */
  record Stored(Head head) implements AppendResult {}

  /** Nothing was stored, for the log does not end where the caller thought. @param head its head */
  record Conflict(Head head) implements AppendResult {}
}
