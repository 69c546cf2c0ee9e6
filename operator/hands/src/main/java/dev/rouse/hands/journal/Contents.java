package dev.rouse.hands.journal;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the journal's entries add up to. Results are not kept, only where they stand. */
final class Contents {

  private final EntryReader entries = new EntryReader();
  private String instance = "";
  private int epoch;
  private final Map<String, Past> past = new HashMap<>();
  private final Set<String> tools = new HashSet<>();

  synchronized String instance() {
    return instance;
  }

  synchronized int epoch() {
    return epoch;
  }

  synchronized boolean hasStarted(String tool) {
    return tools.contains(tool);
  }

  synchronized Optional<Past> past(String toolUseId) {
    return Optional.ofNullable(past.get(toolUseId));
  }

  /** Takes a line that a former process wrote. */
  void read(long offset, byte[] text) throws IOException {
    JournalEntry entry;
    try {
      entry = entries.read(text);
    } catch (IOException e) {
      throw new JournalDamagedException(
          "the journal's entry at byte "
              + offset
              + " is of a newer version: start hands of that version");
    }
    if (entry instanceof JournalEntry.Opened opened
        && opened.format() != JournalEntry.Opened.FORMAT) {
      throw new JournalDamagedException(
          "the journal has format "
              + opened.format()
              + ", this version knows "
              + JournalEntry.Opened.FORMAT
              + ": start hands of a newer version");
    }
    add(offset, text.length, entry);
  }

  /** Takes an entry that is on the disk. */
  synchronized void add(long offset, int length, JournalEntry entry) {
    switch (entry) {
      case JournalEntry.Opened opened -> instance = opened.instance();
      case JournalEntry.EpochRaised raised -> epoch = Math.max(epoch, raised.epoch());
      case JournalEntry.Started started -> {
        tools.add(started.name());
        past.put(started.id(), new Past.Started(started.hash()));
      }
      case JournalEntry.Done done -> past.put(done.id(), ended(offset, length, done));
      case JournalEntry.Cancelled cancelled -> past.put(cancelled.id(), new Past.Cancelled());
    }
  }

  private Past ended(long offset, int length, JournalEntry.Done done) {
    String hash = past.get(done.id()) instanceof Past.Started started ? started.hash() : "";
    String file = done.file();
    return new Past.Done(
        hash, file == null ? new Past.Line(offset, length) : new Past.OwnFile(file));
  }
}
