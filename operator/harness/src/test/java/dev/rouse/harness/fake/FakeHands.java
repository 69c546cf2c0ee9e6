package dev.rouse.harness.fake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.hands.HandsClient;
import dev.rouse.harness.hands.HandsRefused;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.protocol.BrainProtocol.Hands;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Instance;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import dev.rouse.session.protocol.HandsProtocol.Refusal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Hands with a journal: they run each call once, whoever asks and however often. */
public final class FakeHands implements HandsClient {

  /** How often each call had its effect, over all lives of the hands. */
  public final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();

  public final Set<String> cancelled = new CopyOnWriteArraySet<>();

  private final BiFunction<String, ObjectNode, String> tool;
  private final Map<String, CompletableFuture<Outcome>> journal = new ConcurrentHashMap<>();
  private int generation = 1;
  private String instance = "instance-1";
  private int epoch;
  private int unreachableFor;
  private boolean vanished;
  private @Nullable String lastExit;
  private @Nullable String notIsolated;

  /**
   * @param tool name and input → text; a text that begins with "error" is an error. Runs on a
   *     thread of its own
   */
  public FakeHands(BiFunction<String, ObjectNode, String> tool) {
    this.tool = tool;
  }

  /** The next so many calls fail without reaching the hands. */
  public synchronized void unreachableFor(int calls) {
    unreachableFor = calls;
  }

  /** The pod dies; the journal stays: calls under way have an unknown outcome from now on. */
  public synchronized void restart() {
    generation++;
    journal.replaceAll((_, outcome) ->
        outcome.isDone()
            ? outcome
            : CompletableFuture.completedFuture(
                new Outcome(Outcome.Status.UNKNOWN, List.of(), true)));
  }

  /** The pod dies and its journal with it. */
  public synchronized void replace() {
    generation++;
    instance = "instance-" + generation;
    journal.clear();
  }

  /** No call of this generation reaches the hands any more. */
  public synchronized void vanish() {
    vanished = true;
  }

  /** What the operator says of the end of the hands before these. */
  public synchronized void lastExit(String how) {
    lastExit = how;
  }

  /** Every call is refused from now on. */
  public synchronized void notIsolated(String why) {
    notIsolated = why;
  }

  public synchronized Hands current(Integer gone) {
    if (gone != null && gone == generation && vanished) {
      vanished = false;
      replace();
    }
    return new Hands(generation, "http://hands-" + generation, "ticket", lastExit);
  }

  @Override
  public synchronized Instance raiseEpoch(Hands hands, int newEpoch)
      throws HandsRefused, IOException {
    reach(hands);
    requireEpoch(newEpoch);
    epoch = newEpoch;
    return new Instance(instance);
  }

  @Override
  public Outcome execute(Hands hands, String toolUseId, Execution execution)
      throws HandsRefused, IOException {
    CompletableFuture<Outcome> outcome;
    synchronized (this) {
      reach(hands);
      requireEpoch(execution.epoch());
      if (!execution.instance().equals(instance)) {
        throw refuse(Code.WRONG_INSTANCE, "these are " + instance);
      }
      if (cancelled.contains(toolUseId) && !journal.containsKey(toolUseId)) {
        throw refuse(Code.CANCELLED, "the call was cancelled");
      }
      if (notIsolated != null) {
        throw refuse(Code.NOT_ISOLATED, notIsolated);
      }
      outcome = journal.computeIfAbsent(toolUseId, id -> start(id, execution));
    }
    try {
      return outcome.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  private CompletableFuture<Outcome> start(String id, Execution execution) {
    return CompletableFuture.supplyAsync(
        () -> {
          effects.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet();
          String text = tool.apply(execution.name(), execution.input());
          return new Outcome(
              Outcome.Status.DONE, List.of(ContentBlock.text(text)), text.startsWith("error"));
        },
        Thread::startVirtualThread);
  }

  @Override
  public synchronized void cancel(Hands hands, String toolUseId) throws HandsRefused, IOException {
    reach(hands);
    cancelled.add(toolUseId);
  }

  private void reach(Hands hands) throws IOException {
    if (unreachableFor > 0) {
      unreachableFor--;
      throw new IOException("connection refused");
    }
    if (vanished || hands.generation() != generation) {
      throw new IOException("no route to " + hands.address());
    }
  }

  private void requireEpoch(int asked) throws HandsRefused {
    if (asked < epoch) {
      throw refuse(Code.STALE_EPOCH, "epoch " + epoch + " is here");
    }
  }

  private static HandsRefused refuse(Code code, String message) {
    return new HandsRefused(new Refusal(code, message, null));
  }

  /** Calls that had their effect more than once. */
  public Set<String> twice() {
    Set<String> twice = new HashSet<>();
    effects.forEach((id, count) -> {
      if (count.get() > 1) {
        twice.add(id);
      }
    });
    return twice;
  }
}
