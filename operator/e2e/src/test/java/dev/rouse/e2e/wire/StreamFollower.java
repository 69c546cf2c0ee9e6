package dev.rouse.e2e.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Follows a session as the documentation tells clients to (contract §2.8), through any number of
 * cuts: open a stream, list the whole history, skip events of the stream that are known.
 */
public final class StreamFollower implements AutoCloseable {

  private static final String DATA = "data:";

  private final Caller caller;
  private final String session;
  private final HttpClient http;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch connected = new CountDownLatch(1);
  private final Map<String, Seen> processed = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();
  private int connections;

  /**
   * An event that was processed, as the client first knew of it.
   *
   * @param streamed whether the stream told of it, not the history
   */
  public record Seen(JsonNode event, boolean streamed, Instant at) {

    String id() {
      return event.path("id").asText();
    }

    public String type() {
      return event.path("type").asText();
    }
  }

  private StreamFollower(Caller caller, String session) {
    this.caller = caller;
    this.session = session;
    this.http = Caller.http(caller.namespace().cluster());
  }

  /** Begins; returns when the first stream is open and the history was read. */
  static StreamFollower of(Caller caller, String session) {
    StreamFollower follower = new StreamFollower(caller, session);
    Thread.ofVirtual().name("follow-" + session).start(follower::run);
    try {
      if (!follower.connected.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("no stream of " + session + " opens: " + follower.faults());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while a stream opened", e);
    }
    return follower;
  }

  private void run() {
    try {
      // The pause between two tries; nothing is waited for.
      for (boolean first = true;
          first || !stopped.await(100, TimeUnit.MILLISECONDS);
          first = false) {
        connect();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | AssertionError e) {
      // Nobody waits for this thread: what ended it must not look like a stream that is silent.
      ended(e);
    }
  }

  private synchronized void ended(Throwable why) {
    if (stopped.getCount() > 0) {
      faults.add("the follower gave up: " + why);
    }
  }

  private void connect() throws InterruptedException {
    try {
      HttpResponse<Stream<String>> response =
          caller.stream(http, "/v1/sessions/" + session + "/events/stream");
      try (Stream<String> lines = response.body()) {
        if (response.statusCode() != 200) {
          refused(response.statusCode(), lines);
          return;
        }
        opened();
        ApiSession.history(caller, session).forEach(event -> take(event, false));
        connected.countDown();
        Set<String> here = new HashSet<>();
        for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
          String text = line.next();
          if (text.startsWith(DATA)) {
            streamed(EventCodec.JSON.readTree(text.substring(DATA.length())), here);
          }
        }
      }
    } catch (IOException | UncheckedIOException | ConditionTimeoutException e) {
      // Cut, or no history for minutes, as where a server is killed whenever it has just come back:
      // the next round opens another stream.
    }
  }

  private synchronized void opened() {
    connections++;
  }

  private synchronized void refused(int status, Stream<String> body) {
    if (status < 500 && status != 429) {
      faults.add("stream refused: " + status + " " + String.join(" ", body.toList()));
    }
  }

  private synchronized void streamed(JsonNode event, Set<String> here) {
    if (!here.add(event.path("id").asText())) {
      faults.add("twice on one connection: " + event);
    }
    if (!event.hasNonNull("processed_at")) {
      faults.add("on the stream without processed_at: " + event);
    }
    take(event, true);
  }

  private synchronized void take(JsonNode event, boolean streamed) {
    if (event.hasNonNull("processed_at")) {
      Seen seen = new Seen(event, streamed, Instant.now());
      processed.putIfAbsent(seen.id(), seen);
    }
  }

  /** The ids of all processed events that the client knows, in the order in which it learned. */
  public synchronized List<String> known() {
    return List.copyOf(processed.keySet());
  }

  /** The same, with what was known of each. */
  public synchronized List<Seen> seen() {
    return List.copyOf(processed.values());
  }

  /** What a client would not expect. */
  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** How often its stream was cut and opened again. */
  public synchronized int cuts() {
    return Math.max(0, connections - 1);
  }

  @Override
  public void close() {
    stopped.countDown();
    http.shutdownNow();
  }
}
