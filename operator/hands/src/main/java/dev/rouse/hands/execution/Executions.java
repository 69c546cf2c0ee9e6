package dev.rouse.hands.execution;

import dev.rouse.hands.journal.Journal;
import dev.rouse.hands.journal.JournalFullException;
import dev.rouse.hands.journal.Past;
import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolInput;
import dev.rouse.hands.tool.ToolResult;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Instance;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * Decides over every call: refused, joined, answered from the journal, or run. A tool use is run at
 * most once in the life of the journal, whatever dies in between.
 */
public final class Executions implements AutoCloseable {

  /** Safe as a file name, and as every id of the wire is. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  /** A tool is killed, so its end is a matter of moments; the caller is told in any case. */
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(30);

  /** The pod's grace period is longer; a tool that has not ended by then has an unknown outcome. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final Journal journal;
  private final ToolRunner runner;
  private final Admission admission;

  /** Orders decisions: epoch, what is known, what runs. Never held while a tool runs. */
  private final ReentrantLock lock = new ReentrantLock();

  /** One serial tool at a time, in the order in which the calls came. */
  private final ReentrantLock lane = new ReentrantLock(true);

  private final Map<String, Running> running = new HashMap<>();
  private boolean closed;

  /**
   * @param admission what a call must pass before it is started
   */
  public Executions(Journal journal, ToolRunner runner, Admission admission) {
    this.journal = journal;
    this.runner = runner;
    this.admission = admission;
  }

  /**
   * A brain of this epoch speaks: lower ones are refused from here on.
   *
   * @throws RefusedException if a higher one spoke before
   */
  public Instance raiseEpoch(int epoch) throws RefusedException {
    lock.lock();
    try {
      requireNotStale(epoch);
      if (epoch > journal.epoch()) {
        journal.raiseEpoch(epoch);
      }
      return new Instance(journal.instance());
    } catch (JournalFullException e) {
      throw full(e);
    } finally {
      lock.unlock();
    }
  }

  /** Runs the call, or joins it, or tells how it ended; returns when it has. */
  public Outcome execute(String toolUseId, Execution call)
      throws RefusedException, HandsStoppingException, InterruptedException {
    requireId(toolUseId);
    String hash = Fingerprint.of(call.name(), call.input());
    Running mine;
    lock.lock();
    try {
      requireCurrent(call.epoch());
      if (!call.instance().equals(journal.instance())) {
        throw new RefusedException(
            Code.WRONG_INSTANCE,
            "these hands are " + journal.instance() + ", not " + call.instance());
      }
      Running other = running.get(toolUseId);
      Optional<Past> past = journal.past(toolUseId);
      if (other != null) {
        requireSame(toolUseId, hash, other.hash());
        other.joined(call.epoch());
        mine = other;
      } else if (past.isPresent()) {
        return answered(toolUseId, hash, past.get());
      } else {
        if (closed) {
          throw new HandsStoppingException();
        }
        mine = new Running(hash, call.epoch());
        running.put(toolUseId, mine);
        // Not the caller's thread: the tool goes on when the caller hangs up.
        Thread.ofVirtual().name("tool-" + toolUseId).start(() -> run(toolUseId, call, mine));
      }
    } finally {
      lock.unlock();
    }
    return mine.await();
  }

  /**
   * Ends the call if it runs, and waits for that; refuses it for good if it never came. A call that
   * has ended stays as it is.
   *
   * @param epoch of the brain that cancels
   */
  public void cancel(String toolUseId, int epoch) throws RefusedException, InterruptedException {
    requireId(toolUseId);
    Running other;
    lock.lock();
    try {
      requireCurrent(epoch);
      other = running.get(toolUseId);
      if (other == null) {
        if (journal.past(toolUseId).isEmpty()) {
          journal.cancelled(toolUseId);
        }
        return;
      }
      if (!other.isStarted()) {
        journal.cancelled(toolUseId);
        drop(toolUseId, other, cancelled(toolUseId));
        return;
      }
    } catch (JournalFullException e) {
      throw full(e);
    } finally {
      lock.unlock();
    }
    other.cancellation().cancel("cancelled");
    other.awaitEnd(CANCEL_PATIENCE);
  }

  /** Takes back a call that waits for its turn; its thread finds that out when the turn comes. */
  private void drop(String toolUseId, Running waiting, Exception why) {
    running.remove(toolUseId);
    waiting.cancellation().cancel("dropped");
    waiting.failed(why);
  }

  private Outcome answered(String toolUseId, String hash, Past past) throws RefusedException {
    return switch (past) {
      case Past.Started started -> {
        requireSame(toolUseId, hash, started.hash());
        yield unknown(
            "It was started before these hands were restarted, and how it ended is not known. It"
                + " may have run, in whole or in part. It was not run again.");
      }
      case Past.Done done -> {
        requireSame(toolUseId, hash, done.hash());
        yield read(toolUseId, done);
      }
      case Past.Cancelled _ -> throw cancelled(toolUseId);
    };
  }

  private Outcome read(String toolUseId, Past.Done done) {
    try {
      return journal.outcome(done);
    } catch (IOException e) {
      runner.onLostResult(toolUseId, e);
      return unknown("It ran and was not run again, but its result cannot be read any more.");
    }
  }

  private void run(String toolUseId, Execution call, Running mine) {
    Optional<Tool> tool = runner.find(call.name());
    boolean serial = tool.isPresent() && tool.get().isSerial();
    try {
      admission.admit();
      if (serial) {
        lane.lock();
      }
      try {
        if (!start(toolUseId, call, mine)) {
          return;
        }
        ToolResult result =
            runner.run(
                new ToolCall(
                    toolUseId,
                    new ToolInput(call.input()),
                    Duration.ofMillis(call.timeoutMs()),
                    mine.cancellation()),
                call.name(),
                tool);
        Outcome outcome = recorded(toolUseId, result);
        finish(toolUseId, () -> mine.ended(outcome));
      } finally {
        if (serial) {
          lane.unlock();
        }
      }
    } catch (RefusedException e) {
      finish(toolUseId, () -> mine.failed(e));
    } catch (InterruptedException e) {
      // Before the start; nobody but the end of the process interrupts this thread.
      finish(toolUseId, () -> mine.failed(new HandsStoppingException()));
    } catch (RuntimeException | Error defect) {
      // The journal says started, so a later call is told that the outcome is unknown.
      finish(toolUseId, () -> mine.failed(defect));
      runner.onDefect(toolUseId, defect);
    }
  }

  /**
   * The last moment at which the call can be refused.
   *
   * @return false if it was dropped while it waited for its turn
   */
  private boolean start(String toolUseId, Execution call, Running mine) throws RefusedException {
    lock.lock();
    try {
      if (running.get(toolUseId) != mine) {
        return false;
      }
      // It may have waited for its turn while a newer brain took over.
      requireNotStale(mine.epoch());
      journal.started(toolUseId, call.name(), mine.hash());
      mine.markStarted();
      return true;
    } catch (JournalFullException e) {
      throw full(e);
    } finally {
      lock.unlock();
    }
  }

  private Outcome recorded(String toolUseId, ToolResult result) {
    Outcome outcome = new Outcome(Outcome.Status.DONE, result.content(), result.isError());
    try {
      journal.done(toolUseId, outcome);
      return outcome;
    } catch (IOException e) {
      // What is not in the journal was not told: the same answer as after a restart.
      runner.onLostResult(toolUseId, e);
      return unknown("It ran, but its result could not be kept: " + e.getMessage());
    }
  }

  private void finish(String toolUseId, Runnable tell) {
    lock.lock();
    try {
      running.remove(toolUseId);
    } finally {
      lock.unlock();
    }
    tell.run();
  }

  /** The calls that came and wait for their turn, each with the epoch that last asked for it. */
  Map<String, Integer> waiting() {
    lock.lock();
    try {
      Map<String, Integer> epochs = new HashMap<>();
      running.forEach((id, call) -> {
        if (!call.isStarted()) {
          epochs.put(id, call.epoch());
        }
      });
      return epochs;
    } finally {
      lock.unlock();
    }
  }

  private void requireNotStale(int epoch) throws RefusedException {
    if (epoch < journal.epoch()) {
      throw new RefusedException(
          Code.STALE_EPOCH,
          "a brain of epoch " + journal.epoch() + " has these hands; epoch " + epoch + " is over",
          journal.epoch());
    }
  }

  private void requireCurrent(int epoch) throws RefusedException {
    requireNotStale(epoch);
    if (epoch > journal.epoch()) {
      throw new RefusedException(
          Code.INVALID,
          "epoch "
              + epoch
              + " is new to these hands: raise it first with PUT /v1/epoch (now at "
              + journal.epoch()
              + ")",
          journal.epoch());
    }
  }

  private static void requireId(String toolUseId) throws RefusedException {
    if (!ID.matcher(toolUseId).matches()) {
      throw new RefusedException(
          Code.INVALID,
          "the tool-use id in the path must be 1 to 128 letters, digits, '_', '.' or '-'");
    }
  }

  private static void requireSame(String toolUseId, String hash, String known)
      throws RefusedException {
    if (!hash.equals(known)) {
      throw new RefusedException(
          Code.INVALID,
          "name or input differ from the first call of " + toolUseId + ": an id is for one call");
    }
  }

  private static RefusedException cancelled(String toolUseId) {
    return new RefusedException(
        Code.CANCELLED, toolUseId + " was cancelled before it was started; nothing was run");
  }

  private RefusedException full(JournalFullException e) {
    if (journal.isBroken()) {
      runner.onBrokenJournal(e);
    }
    return new RefusedException(Code.JOURNAL_FULL, e.getMessage() + "; nothing was run");
  }

  private static Outcome unknown(String text) {
    return new Outcome(Outcome.Status.UNKNOWN, List.of(ContentBlock.text(text)), true);
  }

  /**
   * Takes no more calls and ends those that run; returns when their ends are recorded. What waited
   * was never started and may be sent again to the next hands.
   */
  @Override
  public void close() {
    List<Running> open;
    lock.lock();
    try {
      closed = true;
      for (Map.Entry<String, Running> call : Map.copyOf(running).entrySet()) {
        if (!call.getValue().isStarted()) {
          drop(call.getKey(), call.getValue(), new HandsStoppingException());
        }
      }
      open = List.copyOf(running.values());
    } finally {
      lock.unlock();
    }
    open.forEach(call -> call.cancellation().cancel("ended because the sandbox was stopped"));
    try {
      for (Running call : open) {
        call.awaitEnd(CLOSE_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
