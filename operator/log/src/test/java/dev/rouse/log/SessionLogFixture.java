package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

/**
 * A session over a store in memory, seen by two servers, and short words for what tests do to it.
 */
abstract class SessionLogFixture {

  protected static final int ALL = Integer.MAX_VALUE;
  protected static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  protected final InMemoryLogStore store = new InMemoryLogStore();
  protected final LogKey key = Given.key("team-a");
  protected final SessionLog log = server(LogSettings.DEFAULTS);
  protected final SessionLog otherServer = server(LogSettings.DEFAULTS);
  private int commits;

  protected SessionLog server(LogSettings settings) {
    return new SessionLogs(
            store, settings, Clock.fixed(NOW, ZoneOffset.UTC), Ids.from(new Random(1)))
        .of(key);
  }

  @BeforeEach
  void create() {
    log.create(created(), List.of());
  }

  protected InternalEvent.Created created() {
    return Given.created(key);
  }

  protected List<String> types() {
    return otherServer.read(0, ALL).map(record -> EventCodec.typeOf(record.event())).toList();
  }

  protected List<String> typesFrom(long seq) {
    return otherServer.read(seq, ALL).map(record -> EventCodec.typeOf(record.event())).toList();
  }

  protected AppendAnswer receive(UserEvent... events) {
    return log.receive("in-" + commits++, "alice", List.of(events));
  }

  protected int wake(String pod) {
    return ((WakeAnswer.Granted) log.wake(pod, "test", Set.of())).wake().epoch();
  }

  protected AppendAnswer commit(String pod, int epoch, Event... events) {
    return log.appendAsBrain(
        pod, new CommitRequest("brain-" + commits++, epoch, List.of(events), null));
  }

  protected static Code refused(AppendAnswer answer) {
    return ((AppendAnswer.Refused) answer).refusal().code();
  }

  protected static List<LogRecord> accepted(AppendAnswer answer) {
    assertThat(answer).isInstanceOf(AppendAnswer.Accepted.class);
    return ((AppendAnswer.Accepted) answer).records();
  }

  protected Event[] idle(StopReason reason) {
    return Given.idle(reason).toArray(Event[]::new);
  }

  /** A running session of {@code brain} in epoch 1 with these calls open. */
  protected void runningWith(AgentEvent.Call... calls) {
    UserEvent.Message message = Given.message("go");
    accepted(receive(message));
    assertThat(wake("brain")).isEqualTo(1);
    SpanEvent.ModelRequestStart start = Given.modelStart();
    accepted(commit("brain", 1, message, start));
    List<Event> events = new ArrayList<>(List.of(calls));
    events.add(Given.modelEnd(start));
    accepted(commit("brain", 1, events.toArray(Event[]::new)));
  }
}
