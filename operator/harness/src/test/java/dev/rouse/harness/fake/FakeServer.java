package dev.rouse.harness.fake;

import dev.rouse.harness.server.HandsAnswer;
import dev.rouse.harness.server.Refused;
import dev.rouse.harness.server.SessionServer;
import dev.rouse.session.LogRecord;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Committed;
import dev.rouse.session.protocol.BrainProtocol.Deltas;
import dev.rouse.session.protocol.BrainProtocol.HandsPending;
import dev.rouse.session.protocol.BrainProtocol.HandsRequest;
import dev.rouse.session.protocol.BrainProtocol.Wake;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The server as one pod's brain reaches it, with failure switches. */
public final class FakeServer implements SessionServer {

  public final List<Deltas> deltas = new CopyOnWriteArrayList<>();
  public final List<CommitRequest> commits = new CopyOnWriteArrayList<>();
  public final AtomicInteger askedForHands = new AtomicInteger();

  private final FakeSession session;
  private final FakeHands hands;
  private final String podUid;
  private final Life life;
  private int lostAnswers;
  private int outage;
  private boolean deaf;
  private boolean withoutDeltas;
  private @Nullable String noHands;

  public FakeServer(FakeSession session, FakeHands hands, String podUid, Life life) {
    this.session = session;
    this.hands = hands;
    this.podUid = podUid;
    this.life = life;
  }

  /** The next so many commits are stored, and their answers lost. */
  public synchronized void loseAnswers(int count) {
    lostAnswers = count;
  }

  /** The next so many calls do not reach the server. */
  public synchronized void outage(int calls) {
    outage = calls;
  }

  /** Following the log brings nothing. */
  public synchronized void deaf() {
    deaf = true;
  }

  public synchronized void withoutDeltas() {
    withoutDeltas = true;
  }

  /** There are no hands from now on. */
  public synchronized void noHands(String why) {
    noHands = why;
  }

  private synchronized HandsAnswer answer(HandsRequest request) {
    askedForHands.incrementAndGet();
    return noHands == null
        ? new HandsAnswer.Ready(hands.current(request.gone()))
        : new HandsAnswer.Pending(new HandsPending(1, noHands));
  }

  @Override
  public Wake wake(String why) throws Refused, IOException {
    return reach("wake", () -> session.wake(podUid, why));
  }

  @Override
  public List<LogRecord> records(long from) throws Refused, IOException {
    return reach("records", () -> session.read(from));
  }

  @Override
  public void follow(long from, Consumer<LogRecord> sink) throws Refused, IOException {
    long next = from;
    while (true) {
      life.check();
      try {
        for (LogRecord record : session.awaitFrom(next)) {
          if (!isDeaf()) {
            sink.accept(record);
          }
          next = record.seq() + 1;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  private synchronized boolean isDeaf() {
    return deaf;
  }

  @Override
  public Committed commit(CommitRequest request) throws Refused, IOException {
    commits.add(request);
    return reach(
        "commit",
        () -> {
          Committed committed = session.commit(podUid, request);
          if (takeLostAnswer()) {
            throw new IOException("connection reset");
          }
          return committed;
        });
  }

  private synchronized boolean takeLostAnswer() {
    return lostAnswers-- > 0;
  }

  @Override
  public HandsAnswer hands(HandsRequest request) throws Refused, IOException {
    return reach(
        "hands",
        () -> {
          session.requireCurrent(podUid);
          return answer(request);
        });
  }

  @Override
  public synchronized void deltas(Deltas sent) throws IOException {
    life.check();
    if (withoutDeltas) {
      throw new IOException("no deltas today");
    }
    deltas.add(sent);
  }

  private <T> T reach(String what, Callable<T> call) throws Refused, IOException {
    synchronized (this) {
      if (outage > 0) {
        outage--;
        throw new IOException("connection refused");
      }
    }
    try {
      return life.call(what, call);
    } catch (Refused | IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
