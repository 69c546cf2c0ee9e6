package dev.rouse.server.keeper;

import static dev.rouse.server.keeper.Folded.after;
import static dev.rouse.server.keeper.Folded.agent;
import static dev.rouse.server.keeper.Folded.use;
import static dev.rouse.server.keeper.Folded.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.log.Room;
import dev.rouse.server.MovableClock;
import dev.rouse.server.keeper.StatusView.Refused;
import dev.rouse.server.keeper.StatusView.Shown;
import dev.rouse.session.Event;
import dev.rouse.session.Fold;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.UnknownEvent;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusViewTest {

  private final MovableClock clock = new MovableClock();
  private final StatusView view = new StatusView(clock);

  private static Session session(SessionStatus status) {
    Session session = new Session();
    session.setSpec(
        new SessionSpec(
            new SessionSpec.AgentRef("reviewer", null),
            new SessionSpec.EnvironmentRef("default"),
            null,
            Map.of(),
            List.of(),
            null));
    session.setStatus(status);
    return session;
  }

  private static Shown shown(SessionState state) {
    return new Shown(state, 1234, Room.FREE, null);
  }

  private SessionStatus of(Shown shown) {
    return view.of(session(null), shown);
  }

  @Test
  void showsWhatFollowsFromTheLog() {
    // Given
    var ask = use("bash", "command", "rm", "ask");
    SessionState state =
        after(
            user("go"),
            ask,
            new SessionEvent.StatusIdle(
                "sevt_i", StopReason.requiresAction(List.of(ask.id())), null));
    // When
    SessionStatus status = of(shown(state));
    // Then
    assertThat(status.phase()).isEqualTo("Idle");
    assertThat(status.stopReason()).isEqualTo("requires_action");
    assertThat(status.agentVersion()).isEqualTo(4);
    assertThat(status.provider()).isEqualTo("main");
    assertThat(status.log().head()).isEqualTo(3);
    assertThat(status.log().bytes()).isEqualTo(1234);
    assertThat(status.log().tail()).containsExactly("user: go", "bash: rm");
    assertThat(status.pendingActions())
        .containsExactly(new SessionStatus.PendingAction(ask.id(), "bash"));
    assertThat(status.pendingActionCount()).isEqualTo(1);
    assertThat(status.conditions()).isEmpty();
  }

  @Test
  void leavesTheOperatorsPartOut() {
    // Given
    Condition ready =
        new ConditionBuilder().withType("Ready").withStatus("True").withReason("Begun").build();
    SessionStatus before =
        new SessionStatus(
            "Idle",
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            new HandsWanted(3, "key"),
            new Harness("pod", "uid", 1, null),
            new SessionStatus.Hands(3, "pod", "uid", "http://x", null, null),
            7L,
            List.of(ready));
    // When
    SessionStatus status = view.of(session(before), shown(after(user("go"))));
    // Then
    assertThat(status.harness()).isNull();
    assertThat(status.hands()).isNull();
    assertThat(status.observedGeneration()).isNull();
    assertThat(status.conditions()).isEmpty();
    assertThat(status.handsWanted()).isEqualTo(new HandsWanted(3, "key"));
  }

  @Test
  void anUnchangedStatusIsEqualToItselfAsRead() {
    // Given a status as it comes back from the API server
    Shown shown = new Shown(after(user("go")), 5, Room.LOG_FULL, new Refused("m", "r", "why"));
    SessionStatus written = of(shown);
    SessionStatus read =
        Serialization.unmarshal(Serialization.asJson(written), SessionStatus.class);
    clock.forward(Duration.ofHours(1));
    // When
    SessionStatus again = view.of(session(read), shown);
    // Then
    assertThat(again).isEqualTo(read);
  }

  @Test
  void saysWhatAPersonMustKnow() {
    // Given
    SessionState state = after(user("go"));
    Refused refused = new Refused("m7", "SessionEnded", "it has ended");
    // When
    SessionStatus status = of(new Shown(state, 1, Room.STORE_FULL, refused));
    // Then
    assertThat(status.conditions())
        .extracting(Condition::getType, Condition::getStatus, Condition::getReason)
        .containsExactly(
            tuple("LogFull", "True", "StoreLimit"),
            tuple("MessageRefused", "True", "SessionEnded"));
    assertThat(status.conditions().getLast().getMessage()).contains("m7", "it has ended");
    assertThat(status.conditions().getFirst().getLastTransitionTime())
        .isEqualTo("2026-01-02T03:04:05Z");
  }

  @Test
  void saysWhenTheLogIsTooNew() {
    // Given
    Fold fold = new Fold().add(LogRecord.of(0, Instant.EPOCH, 0, Folded.created()));
    var raw = JsonNodeFactory.instance.objectNode();
    fold.add(
        new LogRecord(
            1, Instant.EPOCH, 0, true, new UnknownEvent("sevt_x", "rouse.next", raw), Map.of()));
    // When
    SessionStatus status = of(shown(fold.state()));
    // Then
    assertThat(status.conditions())
        .singleElement()
        .satisfies(condition -> {
          assertThat(condition.getType()).isEqualTo("NeedsNewerVersion");
          assertThat(condition.getMessage()).contains("rouse.next");
        });
  }

  @Test
  void staysSmallWhateverHappens() {
    // Given the largest of everything
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      events.add(use("漢".repeat(500), "command", "漢".repeat(5000), "ask"));
      events.add(agent("漢".repeat(5000)));
    }
    SessionState state = after(events.toArray(Event[]::new));
    Refused refused = new Refused("漢".repeat(200), "LogFull", "漢".repeat(5000));
    // When
    SessionStatus status = of(new Shown(state, Long.MAX_VALUE, Room.EXHAUSTED, refused));
    // Then
    assertThat(status.pendingActions()).hasSize(32);
    assertThat(status.pendingActionCount()).isEqualTo(50);
    assertThat(Serialization.asJson(status).getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThan(16 * 1024);
  }

  @Test
  void hurriesForWhatPeopleWaitForAndForNothingElse() {
    // Given
    SessionStatus running = of(shown(after(new SessionEvent.StatusRunning("sevt_r"))));
    SessionStatus more = of(shown(after(new SessionEvent.StatusRunning("sevt_r"), agent("step"))));
    SessionStatus idle =
        of(shown(after(new SessionEvent.StatusIdle("sevt_i", StopReason.END_TURN, null))));
    SessionStatus refused = of(new Shown(after(), 1, Room.FREE, new Refused("m", "r", "why")));
    // When
    // Then
    assertThat(StatusView.isUrgent(running, more)).isFalse();
    assertThat(StatusView.isUrgent(running, idle)).isTrue();
    assertThat(StatusView.isUrgent(of(shown(after())), refused)).isTrue();
  }
}
