package dev.rouse.log;

import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All session logs, as one process sees them. Make one per process and store.
 *
 * <p>Several processes may have the same store: what they do to one log is ordered by the store,
 * and what others did is taken in before an answer depends on it.
 */
public final class SessionLogs implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SessionLogs.class);

  private final LogStore store;
  private final LogSettings settings;
  private final Ids ids;
  private final OpenLogs open;
  private final Appender appender;
  private final InputRules inputRules;
  private final BrainRules brainRules;
  private final WakeRules wakeRules;
  private final UpdateRules updateRules;
  private final CopyRules copyRules;
  private final List<Consumer<LogChange>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<LogKey>> damageListeners = new CopyOnWriteArrayList<>();
  private final ExecutorService refreshers = Executors.newVirtualThreadPerTaskExecutor();
  private final Subscription changes;

  public SessionLogs(LogStore kept, LogSettings settings, Clock clock, Ids ids) {
    this(kept, settings, clock, ids, _ -> Witness.NONE);
  }

  /**
   * The same with somebody who looks on.
   *
   * @param witnesses gives each log its own whenever it is opened
   */
  public SessionLogs(
      LogStore kept,
      LogSettings settings,
      Clock clock,
      Ids ids,
      Function<LogKey, Witness> witnesses) {
    this.store = new NoticingStore(kept, this::damaged);
    this.settings = settings;
    this.ids = ids;
    this.open = new OpenLogs(store, settings, witnesses);
    this.appender = new Appender(store, settings, clock);
    this.inputRules = new InputRules(ids);
    this.brainRules = new BrainRules(ids);
    this.wakeRules = new WakeRules(ids);
    this.updateRules = new UpdateRules(ids);
    this.copyRules = new CopyRules(ids);
    this.changes = store.follow(this::changed);
  }

  /** The log of a session. Costs nothing; may not exist yet. */
  public SessionLog of(LogKey key) {
    return new SessionLog(key, this);
  }

  /**
   * Tells {@code listener} that a log moved, here or in another process. A hint: may be late or
   * doubled. Must not block.
   */
  public Subscription onChange(Consumer<LogChange> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * Tells {@code listener} of each look at a log that found it damaged. Must not block; what it
   * looks at itself is told again.
   */
  public Subscription onDamage(Consumer<LogKey> listener) {
    damageListeners.add(listener);
    return () -> damageListeners.remove(listener);
  }

  /** What this process remembers of a damaged log is no ground to append on. */
  private void damaged(LogKey key) {
    open.remove(key.sessionUid());
    damageListeners.forEach(listener -> listener.accept(key));
  }

  /** Forgets a log and ends who follows it; the log stays. */
  public void close(LogKey key) {
    open.remove(key.sessionUid());
    store.close(key);
  }

  /** Ends all followers. The store is its owner's to close. */
  @Override
  public void close() {
    changes.close();
    open.clear();
    refreshers.shutdownNow();
  }

  <T> T with(LogKey key, Function<OpenLog, T> use) {
    OpenLog log = open.acquire(key);
    try {
      return use.apply(log);
    } catch (LogDeleted e) {
      open.remove(key.sessionUid());
      throw e;
    } finally {
      open.release(log);
    }
  }

  AppendAnswer append(
      OpenLog log,
      String appendId,
      @Nullable String principal,
      Predicate<List<LogRecord>> sameAsBefore,
      LogJudge judge) {
    long before = log.copied().head();
    AppendAnswer answer = appender.append(log, appendId, principal, sameAsBefore, judge);
    if (answer instanceof AppendAnswer.Accepted accepted && accepted.head() > before) {
      tell(new LogChange(log.key().namespace(), log.key().sessionUid(), accepted.head(), false));
    }
    return answer;
  }

  Follower follow(LogKey key, long from) {
    OpenLog log = open.acquire(key);
    try {
      log.catchUp();
    } catch (LogException e) {
      open.release(log);
      throw e;
    }
    return new Follower(log, from, () -> open.release(log));
  }

  void delete(LogKey key) {
    store.delete(key);
    open.remove(key.sessionUid());
    store.close(key);
    tell(new LogChange(key.namespace(), key.sessionUid(), -1, true));
  }

  Room room(Head head) {
    return Room.of(settings, head, store.totalBytes());
  }

  LogStore store() {
    return store;
  }

  Ids ids() {
    return ids;
  }

  InputRules inputRules() {
    return inputRules;
  }

  BrainRules brainRules() {
    return brainRules;
  }

  WakeRules wakeRules() {
    return wakeRules;
  }

  UpdateRules updateRules() {
    return updateRules;
  }

  CopyRules copyRules() {
    return copyRules;
  }

  private void changed(LogChange change) {
    // Objects of other namespaces may bear the same UID: whoever made them, the log is not theirs.
    Optional<OpenLog> log =
        open.peek(change.sessionUid())
            .filter(it -> it.key().namespace().equals(change.namespace()));
    if (change.deleted()) {
      log.ifPresent(it -> open.remove(change.sessionUid()));
    } else if (log.isPresent()
        && open.isUsed(change.sessionUid())
        && change.head() > log.get().copied().head()) {
      refresh(log.get(), change.head());
    }
    tell(change);
  }

  /** Followed logs are brought up to date; all others when somebody asks. */
  private void refresh(OpenLog log, long head) {
    try {
      refreshers.execute(() -> {
        try {
          log.catchUpTo(head);
        } catch (LogException e) {
          LOG.atWarn()
              .addKeyValue("namespace", log.key().namespace())
              .addKeyValue("session", log.key().sessionUid())
              .setCause(e)
              .log("could not read on in a followed log; the next change tries again");
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.atDebug().log("stopping: a change of a log is not followed any more");
    }
  }

  private void tell(LogChange change) {
    listeners.forEach(listener -> listener.accept(change));
  }
}
