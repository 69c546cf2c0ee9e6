package dev.rouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An open event stream of an {@link SdkWorker}. */
final class SdkWorkerFeed implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final InputStream in;
  private final List<JsonNode> events = new ArrayList<>();
  private boolean ended;

  SdkWorkerFeed(InputStream in) {
    this.in = in;
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("data: ")) {
          JsonNode event = JSON.readTree(line.substring("data: ".length()));
          synchronized (this) {
            events.add(event);
            notifyAll();
          }
        }
      }
    } catch (IOException e) {
      // Broken off: the same as its end.
    } finally {
      synchronized (this) {
        ended = true;
        notifyAll();
      }
    }
  }

  synchronized Optional<JsonNode> next(Duration patience) {
    try {
      if (events.isEmpty() && !ended) {
        wait(patience.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return events.isEmpty() ? Optional.empty() : Optional.of(events.removeFirst());
  }

  synchronized boolean hasEnded() {
    return ended && events.isEmpty();
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // Nobody reads it any more.
    }
  }
}
