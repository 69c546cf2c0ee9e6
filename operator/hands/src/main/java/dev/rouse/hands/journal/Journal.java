package dev.rouse.hands.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The hands' memory: the highest epoch, and of every tool use whether it was started, how it ended,
 * or that it was taken back. Every method that writes returns when the entry is on the disk.
 *
 * <p>In its directory: {@code lock}, {@code journal} (the entries), {@code results/} (outcomes too
 * large for a line) and {@code reserve} (room for the results of what was started before the disk
 * was full). Not for two processes: it holds an exclusive lock.
 *
 * <p>Safe for many threads.
 */
public final class Journal implements AutoCloseable {

  /** Larger results would make the journal slow to read at the next start. */
  private static final int MAX_INLINE_CHARACTERS = 8 * 1024;

  private final ObjectMapper json = EventCodec.JSON;
  private final JournalLock lock;
  private final Lines lines;
  private final Results results;
  private final Reserve reserve;
  private final Contents contents;

  private Journal(
      JournalLock lock, Lines lines, Results results, Reserve reserve, Contents contents) {
    this.lock = lock;
    this.lines = lines;
    this.results = results;
    this.reserve = reserve;
    this.contents = contents;
  }

  /**
   * Opens the journal of a directory, or makes one.
   *
   * @param patience how long a former holder may take to end
   * @throws JournalLockedException if it did not end
   * @throws JournalDamagedException if the journal is not one that this version can go on with
   */
  public static Journal open(Path directory, Ids ids, Duration patience) throws IOException {
    Files.createDirectories(directory);
    JournalLock lock = JournalLock.take(directory.resolve("lock"), patience);
    try {
      return open(directory, ids, lock, FileDisk.open(directory.resolve("journal")));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  static Journal open(Path directory, Ids ids, JournalLock lock, Disk disk) throws IOException {
    Contents contents = new Contents();
    Lines lines = Lines.open(disk, contents::read);
    Reserve reserve = new Reserve(directory.resolve("reserve"));
    Journal journal =
        new Journal(lock, lines, new Results(directory.resolve("results")), reserve, contents);
    if (contents.instance().isEmpty()) {
      journal.write(new JournalEntry.Opened(JournalEntry.Opened.FORMAT, ids.next("hands")));
      DurableFile.forceDirectory(directory);
    }
    return journal;
  }

  /** The random id of these hands, made with the journal. */
  public String instance() {
    return contents.instance();
  }

  /** The highest epoch that spoke to these hands; 0 if none did. */
  public int epoch() {
    return contents.epoch();
  }

  /** Whether a tool of this name was ever started, by this process or a former one. */
  public boolean hasStarted(String tool) {
    return contents.hasStarted(tool);
  }

  /** What is known of a tool use; empty if it never came. */
  public Optional<Past> past(String toolUseId) {
    return contents.past(toolUseId);
  }

  /** Whether the disk failed in a way that leaves nothing to do but to start again. */
  public boolean isBroken() {
    return lines.isBroken();
  }

  /** Raises the epoch; calls of lower ones are refused from here on. */
  public void raiseEpoch(int epoch) throws JournalFullException {
    write(new JournalEntry.EpochRaised(epoch));
  }

  /** To be called before the tool has any effect. */
  public void started(String toolUseId, String name, String hash) throws JournalFullException {
    reserve.fill();
    write(new JournalEntry.Started(toolUseId, name, hash));
  }

  /** Refuses a later call of this id. */
  public void cancelled(String toolUseId) throws JournalFullException {
    write(new JournalEntry.Cancelled(toolUseId));
  }

  /**
   * Keeps how a started tool ended. When the disk is full it uses the reserve.
   *
   * @throws IOException if not even that was enough: the tool stays started, without an end
   */
  public void done(String toolUseId, Outcome outcome) throws IOException {
    try {
      writeDone(toolUseId, outcome);
    } catch (IOException full) {
      if (lines.isBroken()) {
        throw full;
      }
      reserve.release();
      writeDone(toolUseId, outcome);
    }
  }

  private void writeDone(String toolUseId, Outcome outcome) throws IOException {
    write(
        isSmall(outcome)
            ? new JournalEntry.Done(toolUseId, outcome, null)
            : new JournalEntry.Done(toolUseId, null, results.write(toolUseId, outcome)));
  }

  /** Judged without a copy: a result may be as large as the memory has room for. */
  private static boolean isSmall(Outcome outcome) {
    int characters = 0;
    for (ContentBlock block : outcome.content()) {
      switch (block) {
        case ContentBlock.Text text -> characters += text.text().length();
        case ContentBlock.Other _ -> {
          return false;
        }
      }
    }
    return characters <= MAX_INLINE_CHARACTERS;
  }

  /** How a tool use ended. */
  public Outcome outcome(Past.Done done) throws IOException {
    return switch (done.place()) {
      case Past.OwnFile file -> results.read(file.name());
      case Past.Line line -> {
        JournalEntry entry =
            json.readValue(lines.read(line.offset(), line.length()), JournalEntry.class);
        if (entry instanceof JournalEntry.Done d && d.outcome() != null) {
          yield d.outcome();
        }
        throw new JournalDamagedException(
            "the journal's line at byte " + line.offset() + " is not a result");
      }
    };
  }

  private void write(JournalEntry entry) throws JournalFullException {
    byte[] text;
    try {
      text = json.writerFor(JournalEntry.class).writeValueAsBytes(entry);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a journal entry has no JSON form", e);
    }
    contents.add(lines.append(text), text.length, entry);
  }

  @Override
  public void close() throws IOException {
    lines.close();
    lock.close();
  }
}
