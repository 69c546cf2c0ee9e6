package dev.rouse.log;

/**
 * Sees the commits of one log in their order and each once, from the log's first one on, while this
 * process has the log open. Beside the fold and never a part of it: it decides nothing.
 *
 * <p>Called under the log's lock, on the thread that appends or reads; must not block or throw.
 */
@FunctionalInterface
public interface Witness {

  /** One who does not look. */
  Witness NONE = (_, _) -> {};

  /**
   * The next commit.
   *
   * @param ours whether this process stored it, and learns so now: at most one process is told so
   *     of a commit, and none where the one that stored it died before it knew
   */
  void saw(Commit commit, boolean ours);
}
