package dev.rouse.server.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the bodies of all requests under way may take together: each alone is within its
 * limit, a hundred at once would not be. Safe for use by several threads.
 */
final class BodyRoom {

  private final long bytes;
  private final AtomicLong taken = new AtomicLong();

  BodyRoom(long bytes) {
    this.bytes = bytes;
  }

  /** An eighth of the heap: a body's copies and its JSON take several times its length. */
  static BodyRoom ofHeap() {
    return new BodyRoom(Runtime.getRuntime().maxMemory() / 8);
  }

  /**
   * Takes room for more bytes of a request that has {@code held} so far. A request that is alone
   * always gets it.
   */
  boolean take(long held, long more) {
    long all = taken.addAndGet(more);
    if (all <= bytes || all == held + more) {
      return true;
    }
    taken.addAndGet(-more);
    return false;
  }

  void giveBack(long held) {
    taken.addAndGet(-held);
  }
}
