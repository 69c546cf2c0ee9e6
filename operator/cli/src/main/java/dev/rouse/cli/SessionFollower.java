package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows each event of a session once, its history first, across broken connections and restarts of
 * the server.
 *
 * <p>The wire's documented procedure: open a stream, list the whole history, then go on with what
 * the stream brought meanwhile, without what is known already.
 */
final class SessionFollower {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ServerClient server;
  private final String sessionId;
  private final boolean internal;
  private final Set<String> processed = new HashSet<>();
  private final Set<String> queued = new HashSet<>();
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

  private sealed interface Signal {
    record Opened() implements Signal {}

    record Arrived(JsonNode event) implements Signal {}

    record Ended(@Nullable Exception cause) implements Signal {}
  }

  SessionFollower(ServerClient server, String sessionId, boolean internal) {
    this.server = server;
    this.sessionId = sessionId;
    this.internal = internal;
  }

  /**
   * Follows until {@code done}, which is asked when the whole history was shown and after each
   * event from then on.
   *
   * @param notice told when the connection broke and is tried again
   * @throws CliException when the server refuses for good
   */
  void follow(Consumer<JsonNode> events, BooleanSupplier done, Consumer<String> notice)
      throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      Thread reader = Thread.ofVirtual().start(this::readStream);
      try {
        boolean listed = false;
        boolean ended = false;
        while (!ended) {
          switch (signals.take()) {
            case Signal.Opened _ -> {
              server.events(sessionId, internal).forEach(event -> show(event, events));
              listed = true;
              if (done.getAsBoolean()) {
                return;
              }
            }
            case Signal.Arrived(JsonNode event) -> {
              show(event, events);
              if (done.getAsBoolean()) {
                return;
              }
            }
            case Signal.Ended(@Nullable Exception cause) -> {
              if (cause instanceof CliException refused) {
                throw refused;
              }
              // The reader's last word, whatever became of its thread.
              ended = true;
              pause = listed ? FIRST_PAUSE : longer(pause);
              notice.accept(cause == null ? "the server closed the stream" : message(cause));
            }
          }
        }
      } catch (ServerClient.ServerUnreachable | ServerClient.ServerBusy e) {
        pause = longer(pause);
        notice.accept(message(e));
      } finally {
        reader.interrupt();
        reader.join();
        signals.clear();
      }
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }
  }

  private void readStream() {
    @Nullable Exception cause = null;
    try {
      server.stream(
          sessionId,
          internal,
          () -> signals.add(new Signal.Opened()),
          event -> signals.add(new Signal.Arrived(event)));
    } catch (IOException | RuntimeException e) {
      cause = e;
    }
    signals.add(new Signal.Ended(cause));
  }

  /** Shows an event that is new, or that was shown as queued and is processed now. */
  private void show(JsonNode event, Consumer<JsonNode> events) {
    String id = event.path("id").asText("");
    boolean isNew =
        id.isEmpty()
            || (event.path("processed_at").isTextual() ? processed.add(id) : queued.add(id));
    if (isNew) {
      events.accept(event);
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private static String message(Exception cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
