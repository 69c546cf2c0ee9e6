package dev.rouse.devcluster.model.ledger;

import dev.rouse.devcluster.model.judge.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the calls and faults for those who count them, and the fingerprints for the judge. With a
 * record file a new process goes on where the last one ended; without one it starts empty.
 */
public final class Ledger implements Memory, AutoCloseable {

  private final Clock clock;
  private final List<Call> calls = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final Set<String> said = new HashSet<>();
  private final @Nullable RecordFile file;

  private Ledger(Clock clock, @Nullable RecordFile file) {
    this.clock = clock;
    this.file = file;
  }

  /** A ledger that ends with the process. */
  public static Ledger inMemory(Clock clock) {
    return new Ledger(clock, null);
  }

  /**
   * A ledger that goes on in a file.
   *
   * @throws IOException if the file cannot be read or is not a record file
   */
  public static Ledger recordedIn(Path path, Clock clock) throws IOException {
    List<Entry> entries = RecordFile.read(path);
    var ledger = new Ledger(clock, new RecordFile(path));
    entries.forEach(ledger::apply);
    return ledger;
  }

  /**
   * Notes that a call has begun.
   *
   * @param conversation fingerprint of its beginning
   * @param request fingerprint of all of it
   */
  public synchronized Call begin(
      String requestId, String model, String turn, String conversation, String request) {
    int attempt = attempts.getOrDefault(attemptKey(model, turn, request), 0) + 1;
    var call =
        new Call(
            calls.size() + 1,
            requestId,
            model,
            turn,
            attempt,
            conversation,
            request,
            clock.instant(),
            Call.Outcome.RUNNING,
            null);
    note(new Entry.Began(call));
    if (!asked.contains(conversation)) {
      note(new Entry.Asked(conversation));
    }
    return call;
  }

  /** Notes how a call ended; only the first ending counts. */
  public synchronized void end(Call call, Call.Outcome outcome) {
    if (calls.get(call.number() - 1).outcome() == Call.Outcome.RUNNING) {
      note(new Entry.Ended(call.number(), outcome, clock.instant()));
    }
  }

  /** Notes that the caller has, or is about to have, the whole answer. */
  public synchronized void say(Call call, String answer) {
    if (!wasSaid(call.request(), answer)) {
      note(new Entry.Said(call.request(), answer));
    }
  }

  /** Notes a request that was wrong. */
  public synchronized void fault(String requestId, String model, String kind, String message) {
    note(new Entry.Faulted(new Fault(clock.instant(), requestId, model, kind, message)));
  }

  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  public synchronized List<Fault> faults() {
    return List.copyOf(faults);
  }

  @Override
  public synchronized boolean wasAsked(String prefix) {
    return asked.contains(prefix);
  }

  @Override
  public synchronized boolean wasSaid(String prefix, String answer) {
    return said.contains(prefix + answer);
  }

  @Override
  public synchronized void adopt(String prefix, String answer) {
    note(new Entry.Asked(prefix));
    note(new Entry.Said(prefix, answer));
  }

  @Override
  public synchronized void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  private void note(Entry entry) {
    if (file != null) {
      file.write(entry);
    }
    apply(entry);
  }

  private void apply(Entry entry) {
    switch (entry) {
      case Entry.Began(var call) -> {
        calls.add(call);
        asked.add(call.request());
        attempts.merge(attemptKey(call.model(), call.turn(), call.request()), 1, Integer::sum);
      }
      case Entry.Ended(var number, var outcome, var at) ->
          calls.set(number - 1, calls.get(number - 1).ended(outcome, at));
      case Entry.Asked(var prefix) -> asked.add(prefix);
      case Entry.Said(var prefix, var answer) -> said.add(prefix + answer);
      case Entry.Faulted(var fault) -> faults.add(fault);
    }
  }

  private static String attemptKey(String model, String turn, String request) {
    return model + "/" + turn + "/" + request;
  }
}
