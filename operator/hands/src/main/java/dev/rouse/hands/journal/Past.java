package dev.rouse.hands.journal;

/** What the journal knows of a tool use. */
public sealed interface Past {

  /**
   * It was started; unless it runs in this process, how it ended is not known.
   *
   * @param hash of its name and input
   */
  record Started(String hash) implements Past {}

  /**
   * It has ended; {@link Journal#outcome} reads how.
   *
   * @param hash of its name and input
   * @param place where the outcome stands
   */
  record Done(String hash, Place place) implements Past {}

  /** It was taken back before it came. */
  record Cancelled() implements Past {}

  /** Where an outcome stands: outcomes are not kept in memory. */
  sealed interface Place {}

  /** A line of the journal file, in bytes. */
  record Line(long offset, int length) implements Place {}

  /** A file of its own in the journal's directory. */
  record OwnFile(String name) implements Place {}
}
