package dev.rouse.harness.loop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.server.Refused;
import dev.rouse.harness.server.SessionServer;
import dev.rouse.session.protocol.BrainProtocol.Deltas;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows an answer while it comes in: batches of previews, sent by a thread of its own so that a
 * slow server never slows the model down.
 *
 * <p>Previews of a block must stay a prefix of its text. So nothing is left out in the middle:
 * after a failure, or when too much piled up, no more is sent for this answer.
 */
final class DeltaSender implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeltaSender.class);

  private static final int MOST_WAITING = 256 * 1024;

  /** How long the answer's commit waits for a batch under way; previews come before the message. */
  private static final Duration LAST_BATCH = Duration.ofMillis(250);

  private final SessionServer server;
  private final int epoch;
  private final String span;
  private final Duration every;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<JsonNode> starts = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private int waiting;
  private boolean closed;

  private record Piece(String eventId, int index, StringBuilder text) {}

  DeltaSender(SessionServer server, int epoch, String span, Duration every) {
    this.server = server;
    this.epoch = epoch;
    this.span = span;
    this.every = every;
    this.thread = Thread.ofVirtual().name("deltas").start(this::run);
  }

  /** An event of this id and type is under way. */
  void started(String type, String eventId) {
    ObjectNode start = JsonNodeFactory.instance.objectNode().put("type", "event_start");
    start.putObject("event").put("type", type).put("id", eventId);
    lock.lock();
    try {
      starts.add(start);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next piece of a message's text. */
  void text(String eventId, int index, String text) {
    lock.lock();
    try {
      waiting += text.length();
      if (waiting > MOST_WAITING) {
        closed = true;
      }
      if (closed) {
        return;
      }
      Piece last = pieces.isEmpty() ? null : pieces.getLast();
      if (last != null && last.eventId.equals(eventId) && last.index == index) {
        last.text.append(text);
      } else {
        pieces.add(new Piece(eventId, index, new StringBuilder(text)));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      List<JsonNode> batch = next();
      while (!batch.isEmpty()) {
        server.deltas(new Deltas(epoch, span, batch));
        batch = next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | Refused e) {
      LOG.debug("Previews of this answer end early: {}", e.toString());
      stop();
    }
  }

  /** The next batch, gathered for a while; empty at the end. */
  private List<JsonNode> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && starts.isEmpty() && pieces.isEmpty()) {
        changed.await();
      }
      long left = every.toNanos();
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (closed) {
        return List.of();
      }
      List<JsonNode> batch = new ArrayList<>(starts);
      pieces.forEach(piece -> batch.add(delta(piece)));
      starts.clear();
      pieces.clear();
      waiting = 0;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private static JsonNode delta(Piece piece) {
    ObjectNode event =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "event_delta")
            .put("event_id", piece.eventId);
    event
        .putObject("delta")
        .put("type", "content_delta")
        .put("index", piece.index)
        .putObject("content")
        .put("type", "text")
        .put("text", piece.text.toString());
    return event;
  }

  private void stop() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Drops what was not sent, and lets a batch under way arrive before the message itself. */
  @Override
  public void close() {
    stop();
    try {
      if (!thread.join(LAST_BATCH)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
