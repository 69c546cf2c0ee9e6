package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits: new work stops, what ends the old goes through. */
class RoomTest extends SessionLogFixture {

  private final LogSettings tight = new LogSettings(6000, 1_000_000, 3000, 10, 1_000_000);

  private void fill(int bytes) {
    while (store.head(key).bytes() < bytes) {
      accepted(commit("brain", 1, Given.answer("x".repeat(500))));
    }
  }

  @Tag("failure-8")
  @Test
  void aFullLogRefusesNewWorkAndTakesWhatEndsTheOld() {
    // Given
    AgentEvent.ToolUse call = Given.bash("ls");
    AgentEvent.CustomToolUse custom = Given.custom("ask");
    runningWith(call, custom);
    fill(6000);
    SessionLog full = server(tight);

    // When
    AppendAnswer message = full.receive("m", null, List.of(Given.message("more")));
    AppendAnswer model =
        full.appendAsBrain("brain", new CommitRequest("s", 1, List.of(Given.modelStart()), null));
    AppendAnswer result =
        full.appendAsBrain(
            "brain", new CommitRequest("r", 1, List.of(Given.result(call.id(), "ok")), null));
    AppendAnswer custonResult =
        full.receive("c", null, List.of(Given.customResult(custom.id(), "ok")));
    AppendAnswer interrupt = full.receive("i", null, List.of(Given.interrupt()));

    // Then
    assertThat(refused(message)).isEqualTo(Code.LOG_FULL);
    assertThat(refused(model)).isEqualTo(Code.LOG_FULL);
    assertThat(List.of(result, custonResult, interrupt))
        .allMatch(AppendAnswer.Accepted.class::isInstance);
    assertThat(full.room()).isEqualTo(Room.LOG_FULL);
  }

  @Test
  void anExhaustedReserveStillTakesInterruptAndIdle() {
    // Given
    AgentEvent.ToolUse call = Given.bash("ls");
    runningWith(call);
    fill(9000);
    SessionLog full = server(tight);

    // When
    AppendAnswer result =
        full.appendAsBrain(
            "brain", new CommitRequest("r", 1, List.of(Given.result(call.id(), "ok")), null));
    UserEvent.Interrupt stop = Given.interrupt();
    AppendAnswer interrupt = full.receive("i", null, List.of(stop));
    List<Event> takeUp = new ArrayList<>(List.of(stop, Given.result(call.id(), "stopped")));
    takeUp.addAll(Given.idle(StopReason.END_TURN));
    AppendAnswer idle = full.appendAsBrain("brain", new CommitRequest("t", 1, takeUp, null));

    // Then
    assertThat(refused(result)).isEqualTo(Code.LOG_FULL);
    assertThat(List.of(interrupt, idle)).allMatch(AppendAnswer.Accepted.class::isInstance);
  }

  @Tag("failure-9")
  @Test
  void aFullStoreRefusesNewInputOfEveryLog() {
    // Given
    SessionLog full = server(new LogSettings(1_000_000, 100, 100, 10, 1_000_000));

    // When
    AppendAnswer answer = full.receive("m", null, List.of(Given.message("more")));

    // Then
    assertThat(refused(answer)).isEqualTo(Code.LOG_FULL);
    assertThat(((AppendAnswer.Refused) answer).refusal().message()).contains("all sessions");
  }
}
