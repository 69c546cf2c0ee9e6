package dev.rouse.log;

import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The port: where logs are kept. A log is a list of commits that grows by compare-and-set.
 *
 * <p>All methods block and are safe for use by several threads. They throw {@link LogException}s:
 * {@link LogUnavailable} when the store cannot be asked and nothing was changed, {@link LogCorrupt}
 * when it holds something that nobody here wrote. How a store arranges what it keeps (segments,
 * merging, compaction of files) is its own business and changes no answer.
 */
public interface LogStore extends AutoCloseable {

  /** Where the log ends now, as the store knows it; {@link Head#NONE} if there is no log. */
  Head head(LogKey key);

  /**
   * Stores a commit if the log still ends at {@code expectedHead}. {@code -1} makes the log.
   *
   * @return once the answer is durable
   * @throws OutcomeUnknown when the commit may or may not be stored: the caller searches the log
   * @throws LogDeleted when the log was there and is not any more
   * @throws LogTooLarge when the store cannot hold a commit of this size
   */
  AppendResult append(LogKey key, long expectedHead, Commit commit);

  /**
   * The commits that hold the records {@code from … from + limit - 1}, in order and whole, as far
   * as they exist. Includes everything up to the last {@link #head} that this store answered.
   *
   * <p>Read lazily: memory is bounded by the largest commit or segment, not by the log. Reading
   * goes on undisturbed while the store rearranges what it keeps.
   */
  Stream<Commit> read(LogKey key, long from, int limit);

  /**
   * Tells {@code listener} of changes that other processes made, and possibly of own ones. Called
   * on a thread of the store; must not block.
   */
  Subscription follow(Consumer<LogChange> listener);

  /** What all logs take together, as far as known; may trail by a moment. */
  long totalBytes();

  /** Forgets what is cached for this log. The log stays. */
  void close(LogKey key);

  /**
   * Removes the log. Afterwards there is none: appends that expect a head fail with {@link
   * LogDeleted}. Removing a log that is not there does nothing; one that cannot be read is removed
   * like any other.
   */
  void delete(LogKey key);

  @Override
  void close();
}
