package dev.rouse.log.bench;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.session.Event;

/** A log that grows, for one thread. */
final class Logs {

  /** Grown to this many bytes a log makes way for a new one: no disk is filled. */
  private static final long ENOUGH = 24L * 1024 * 1024;

  private final LogStore store;
  private final Texts texts;
  private LogKey key = Given.key("default");
  private long head = -1;

  /**
   * @param size characters of each event's text
   * @param from where in the texts to begin
   */
  Logs(LogStore store, int size, int from) {
    this.store = store;
    this.texts = new Texts(size, from);
  }

  LogKey key() {
    return key;
  }

  /** One event more. */
  void append() {
    append(Given.answer(texts.next()));
  }

  /** One commit more; nobody else writes here, so that a conflict is a fault. */
  void append(Event... events) {
    Commit commit = Given.commit(head, "append-" + head, events);
    if (!(store.append(key, head, commit) instanceof AppendResult.Stored(var now))) {
      throw new IllegalStateException("somebody else writes to " + key.describe());
    }
    head = now.seq();
    if (now.bytes() > ENOUGH) {
      store.delete(key);
      key = Given.key("default");
      head = -1;
    }
  }

  /** Appends turns of a session until the log holds so many events. */
  void grow(int events) {
    while (head + 1 < events) {
      var call = Given.bash("make test");
      append(Given.message("Please look at file " + head));
      append(call);
      append(Given.result(call.id(), texts.next()), Given.answer("Done."));
    }
  }

  void delete() {
    store.delete(key);
  }
}
