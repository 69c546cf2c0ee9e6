package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import dev.rouse.session.UserEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers whose clocks are set forth and back, or differ: times of records rise all the same. */
class ClockJumpsTest {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final InMemoryLogStore store = new InMemoryLogStore();
  private final LogKey key = Given.key("team-a");
  private final SessionLog log = server(now::get);

  private SessionLog server(InstantSource time) {
    return new SessionLogs(
            store, LogSettings.DEFAULTS, time.withZone(ZoneOffset.UTC), Ids.from(new Random(1)))
        .of(key);
  }

  @BeforeEach
  void create() {
    log.create(Given.created(key), List.of());
  }

  private static Instant receive(SessionLog server, String appendId) {
    UserEvent.Message message = Given.message(appendId);
    AppendAnswer answer = server.receive(appendId, "alice", List.of(message));
    assertThat(answer).isInstanceOf(AppendAnswer.Accepted.class);
    return server.state().lastAt();
  }

  @Tag("contract-order-times")
  @Test
  void aClockThatGoesForthAnHourAndBackNeverTurnsTheTimesOfRecords() {
    // Given
    now.set(START.plus(Duration.ofHours(1)));
    Instant ahead = receive(log, "while-ahead");

    // When
    now.set(START.plusSeconds(1));
    Instant first = receive(log, "back-1");
    Instant second = receive(log, "back-2");
    now.set(START.plus(Duration.ofHours(2)));
    Instant later = receive(log, "later");

    // Then: each append is two records, the message and that the session runs, or one
    assertThat(ahead).isAfterOrEqualTo(START.plus(Duration.ofHours(1)));
    assertThat(first).isEqualTo(ahead.plus(1, ChronoUnit.MICROS));
    assertThat(second).isEqualTo(first.plus(1, ChronoUnit.MICROS));
    assertThat(later).isEqualTo(START.plus(Duration.ofHours(2)));
    assertThat(log.read(0, Integer.MAX_VALUE).map(LogRecord::at))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Tag("failure-5")
  @Test
  void aServerAnHourBehindFencesAndRepeatsAnswersLikeAnyOther() {
    // Given
    Clock behind = Clock.fixed(START.minus(Duration.ofHours(1)), ZoneOffset.UTC);
    SessionLog slow = server(behind);
    UserEvent.Message message = Given.message("go");
    AppendAnswer acknowledged = log.receive("in", "alice", List.of(message));
    WakeAnswer woken = log.wake("brain-1", "test", Set.of());

    // When
    AppendAnswer again = slow.receive("in", "alice", List.of(message));
    WakeAnswer next = slow.wake("brain-2", "test", Set.of());

    // Then
    assertThat(((AppendAnswer.Accepted) again).records())
        .isEqualTo(((AppendAnswer.Accepted) acknowledged).records());
    assertThat(((WakeAnswer.Granted) woken).wake().epoch()).isEqualTo(1);
    assertThat(((WakeAnswer.Granted) next).wake().epoch()).isEqualTo(2);
    assertThat(log.wake("brain-1", "late", Set.of())).isInstanceOf(WakeAnswer.Refused.class);
    assertThat(slow.read(0, Integer.MAX_VALUE).map(LogRecord::at))
        .isSorted()
        .doesNotHaveDuplicates();
  }
}
