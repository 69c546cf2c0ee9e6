package dev.rouse.hands.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import org.jspecify.annotations.Nullable;

/** One line of the journal. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JournalEntry.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = JournalEntry.EpochRaised.class, name = "epoch"),
  @JsonSubTypes.Type(value = JournalEntry.Started.class, name = "started"),
  @JsonSubTypes.Type(value = JournalEntry.Done.class, name = "done"),
  @JsonSubTypes.Type(value = JournalEntry.Cancelled.class, name = "cancelled")
})
sealed interface JournalEntry {

  /**
   * The first line.
   *
   * @param format of the journal; a program that does not know it must not go on with the journal
   * @param instance the random id of these hands
   */
  record Opened(int format, String instance) implements JournalEntry {

    /** The format that this version writes and understands. */
    static final int FORMAT = 1;
  }

  /** Calls of lower epochs are refused from here on. */
  record EpochRaised(int epoch) implements JournalEntry {}

  /**
   * The tool is about to run.
   *
   * @param hash tells this name and input from any other
   */
  record Started(String id, String name, String hash) implements JournalEntry {}

  /**
   * The tool has ended.
   *
   * @param outcome the result, if it is small
   * @param file the name of the file in the journal's directory that holds it, if it is not
   */
  record Done(String id, @Nullable Outcome outcome, @Nullable String file)
      implements JournalEntry {}

  /** The call was taken back before it came; a later one is refused. */
  record Cancelled(String id) implements JournalEntry {}
}
