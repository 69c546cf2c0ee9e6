package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.log.Given;
import dev.rouse.server.Accumulator;
import dev.rouse.server.http.ServerSentEvents;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Fold;
import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What accumulators rely on (contract §2.7) holds in whatever order a brain's previews, its commits
 * and the streams' own steps come. Every run draws its own seeds; {@code -Drouse.seed=N} repeats
 * one that failed.
 */
class PreviewTest {

  private static final long SEED =
      Long.getLong("rouse.seed", ThreadLocalRandom.current().nextLong(1_000_000));
  private static final Set<String> BOTH = Set.of("agent.message", "agent.thinking");

  private final Ids ids = Ids.random();
  private final List<LogRecord> log = new ArrayList<>();
  private final Fold fold = new Fold();

  /** The request that each previewed event belongs to. */
  private final Map<String, String> requests = new HashMap<>();

  private Random random = new Random(SEED);

  static LongStream seeds() {
    return LongStream.range(SEED, SEED + 300);
  }

  private void commit(Event... events) {
    for (Event event : events) {
      LogRecord record = LogRecord.of(log.size(), Instant.EPOCH, 1, event);
      log.add(record);
      fold.add(record);
    }
  }

  private static JsonNode json(String text) {
    try {
      return EventCodec.JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalStateException(text, e);
    }
  }

  private static JsonNode start(String type, String id) {
    return json("{'type':'event_start','event':{'type':'%s','id':'%s'}}".formatted(type, id));
  }

  private static JsonNode delta(String id, int index, String text) {
    return json(
        "{'type':'event_delta','event_id':'%s','delta':{'type':'content_delta','index':%d,'content':{'type':'text','text':'%s'}}}"
            .formatted(id, index, text));
  }

  /** One client's stream: its previews, and what stands on the wire or has reached the client. */
  private final class Connection {
    private final Preview preview;
    private final Accumulator client = new Accumulator();
    private final Deque<byte[]> wire = new ArrayDeque<>();
    private final int room;
    private final boolean shaky;
    private @Nullable String request;
    private long next;
    private int step;

    Connection(int room, boolean shaky) {
      SessionState opened = fold.state();
      this.room = room;
      this.shaky = shaky;
      this.request = opened.openSpan();
      this.next = opened.head() + 1;
      this.preview = new Preview(this::offer, BOTH, opened);
    }

    private boolean offer(byte[] frame) {
      if (wire.size() >= room || (shaky && random.nextInt(50) == 0)) {
        return false;
      }
      wire.add(frame);
      return true;
    }

    /** One of the three steps that a record takes; previews may come between any of them. */
    void go() {
      if (next >= log.size()) {
        return;
      }
      LogRecord record = log.get((int) next);
      switch (step++) {
        case 0 -> preview.before(record);
        case 1 -> {
          while (wire.size() >= room) {
            read();
          }
          wire.add(ServerSentEvents.named("message", WireEvents.processed(record)));
        }
        default -> {
          preview.after(record);
          step = 0;
          next++;
        }
      }
    }

    void read() {
      byte[] frame = wire.poll();
      if (frame != null) {
        String text = new String(frame, StandardCharsets.UTF_8);
        JsonNode event = json(text.substring(text.indexOf("data: ") + 6));
        client.take(event);
        switch (event.path("type").asText()) {
          case "span.model_request_start" -> request = event.path("id").asText();
          case "event_start" ->
              assertThat(requests.getOrDefault(event.at("/event/id").asText(), request))
                  .as("a preview stands within its own request")
                  .isEqualTo(request);
          default -> {}
        }
      }
    }

    void catchUp() {
      while (next < log.size()) {
        go();
      }
    }

    void finish() {
      catchUp();
      while (!wire.isEmpty()) {
        read();
      }
    }
  }

  /** A model request that goes its way, and previews of it that are on theirs. */
  private final class Brain {
    private final Deque<Runnable> commits = new ArrayDeque<>();
    private final Deque<Preview.Piece> posts = new ArrayDeque<>();

    /** Previews that a server has judged and not shown yet. */
    private final Deque<Preview.Piece> judged = new ArrayDeque<>();

    private @Nullable String open;
    private long openedAt;

    Brain(int requests) {
      for (int i = 0; i < requests; i++) {
        request();
      }
    }

    private void request() {
      String span = ids.event();
      String message = ids.event();
      String thinking = ids.event();
      requests.put(message, span);
      requests.put(thinking, span);
      List<StringBuilder> texts = new ArrayList<>();
      List<JsonNode> pieces = new ArrayList<>();
      if (random.nextBoolean()) {
        pieces.add(start("agent.thinking", thinking));
      }
      pieces.add(start("agent.message", message));
      for (int index = 0; index <= random.nextInt(3); index++) {
        texts.add(new StringBuilder());
        for (int i = random.nextInt(8); i >= 0; i--) {
          String text = Integer.toString(random.nextInt(1000), 36) + " ";
          texts.getLast().append(text);
          pieces.add(delta(message, index, text));
        }
      }
      commits.add(() -> {
        commit(new SpanEvent.ModelRequestStart(span));
        open = span;
        openedAt = log.size() - 1L;
        pieces.forEach(piece -> posts.add(new Preview.Piece(span, 0, piece)));
      });
      if (random.nextInt(3) == 0) {
        commits.add(() -> commit(Given.message("meanwhile")));
      }
      boolean fails = random.nextInt(4) == 0;
      commits.add(() -> {
        if (!fails) {
          commit(
              new AgentEvent.Thinking(thinking),
              new AgentEvent.Message(
                  message,
                  texts.stream()
                      .<ContentBlock>map(text -> ContentBlock.text(text.toString()))
                      .toList()));
        }
        commit(new SpanEvent.ModelRequestEnd(ids.event(), span, fails, ModelUsage.ZERO));
        open = null;
      });
    }

    boolean isDone() {
      return commits.isEmpty() && posts.isEmpty() && judged.isEmpty();
    }

    /** A server may have seen less of the log than there is, but never less than the request. */
    void post() {
      Preview.Piece piece = posts.poll();
      if (piece != null && piece.span().equals(open)) {
        long head = openedAt + random.nextInt((int) (log.size() - openedAt));
        judged.add(new Preview.Piece(piece.span(), head, piece.event()));
      }
    }
  }

  @Tag("contract-deltas-random")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noOrderOfThingsBreaksWhatAccumulatorsRelyOn(long seed) {
    // Given
    random = new Random(seed);
    commit(Given.created(Given.key("team-a")));
    List<Connection> connections = new ArrayList<>();
    Brain brain = new Brain(6);
    // When
    while (!brain.isDone()) {
      switch (random.nextInt(40)) {
        case 0 -> connections.add(new Connection(1 + random.nextInt(30), random.nextBoolean()));
        case 1 -> {
          if (!brain.commits.isEmpty()) {
            brain.commits.remove().run();
          }
        }
        case 2, 3, 4, 5, 6, 7, 8, 9 -> brain.post();
        case 10, 11, 12, 13, 14, 15, 16, 17, 18 -> {
          Preview.Piece piece = brain.judged.poll();
          if (piece != null) {
            connections.forEach(it -> it.preview.show(piece));
          }
        }
        case 19, 20, 21, 22, 23, 24 ->
            connections.stream().filter(_ -> random.nextBoolean()).forEach(Connection::read);
        default -> connections.stream().filter(_ -> random.nextBoolean()).forEach(Connection::go);
      }
    }
    // Then
    connections.forEach(Connection::finish);
  }

  @Test
  void aQuickReaderIsShownEveryPieceInItsPlace() {
    // Given
    commit(Given.created(Given.key("team-a")));
    Connection connection = new Connection(1000, false);
    Brain brain = new Brain(20);
    int sent = 0;
    // When
    while (!brain.commits.isEmpty()) {
      brain.commits.remove().run();
      connection.catchUp();
      while (!brain.posts.isEmpty()) {
        brain.post();
        Preview.Piece piece = brain.judged.remove();
        sent += piece.event().path("type").asText().equals("event_delta") ? 1 : 0;
        connection.preview.show(piece);
      }
    }
    connection.finish();
    // Then
    assertThat(connection.client.deltas()).isEqualTo(sent).isGreaterThan(20);
  }

  /** A stream that has not seen the request's start, and so many pieces that are ahead of it. */
  private Connection ahead(int pieces) {
    commit(Given.created(Given.key("team-a")));
    Connection connection = new Connection(1000, false);
    commit(new SpanEvent.ModelRequestStart("sevt_span"));
    connection.preview.show(new Preview.Piece("sevt_span", 1, start("agent.message", "sevt_m")));
    for (int i = 1; i < pieces; i++) {
      connection.preview.show(new Preview.Piece("sevt_span", 1, delta("sevt_m", 0, "x")));
    }
    return connection;
  }

  @Test
  void whatIsAheadOfTheStreamWaitsForIt() {
    // Given
    Connection connection = ahead(Preview.MOST_HELD);
    int early = connection.wire.size();
    // When
    connection.finish();
    // Then
    assertThat(early).isZero();
    assertThat(connection.client.deltas()).isEqualTo(Preview.MOST_HELD - 1);
  }

  @Test
  void ofARequestThatIsTooFarAheadNothingIsShown() {
    // Given
    Connection connection = ahead(Preview.MOST_HELD + 1);
    // When
    connection.finish();
    connection.preview.show(new Preview.Piece("sevt_span", 1, delta("sevt_m", 0, "y")));
    connection.finish();
    // Then
    assertThat(connection.client.deltas()).isZero();
  }

  @Test
  void aSlowReaderLosesTheRestAndNotTheMiddle() {
    // Given
    commit(Given.created(Given.key("team-a")), new SpanEvent.ModelRequestStart("sevt_span"));
    Connection connection = new Connection(2, false);
    connection.preview.show(new Preview.Piece("sevt_span", 1, start("agent.message", "sevt_m")));
    connection.preview.show(new Preview.Piece("sevt_span", 1, delta("sevt_m", 0, "a")));
    connection.preview.show(new Preview.Piece("sevt_span", 1, delta("sevt_m", 0, "shed")));
    // When
    connection.finish();
    connection.preview.show(new Preview.Piece("sevt_span", 1, delta("sevt_m", 0, "b")));
    commit(
        new AgentEvent.Message("sevt_m", List.of(ContentBlock.text("a shed b"))),
        new SpanEvent.ModelRequestEnd("sevt_end", "sevt_span", null, ModelUsage.ZERO),
        new SpanEvent.ModelRequestStart("sevt_next"));
    connection.finish();
    connection.preview.show(new Preview.Piece("sevt_next", 4, start("agent.message", "sevt_n")));
    // Then
    assertThat(connection.client.deltas()).isEqualTo(1);
    assertThat(connection.wire).as("the next request is previewed again").hasSize(1);
  }
}
