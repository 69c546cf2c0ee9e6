package dev.rouse.devcluster.model.judge;

import static dev.rouse.devcluster.model.talk.Talk.result;
import static dev.rouse.devcluster.model.talk.Talk.use;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.devcluster.model.ledger.Ledger;
import dev.rouse.devcluster.model.talk.Conversation;
import dev.rouse.devcluster.model.talk.Fingerprint;
import dev.rouse.devcluster.model.talk.Part;
import dev.rouse.devcluster.model.talk.Talk;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {

  private final Ledger ledger = Ledger.inMemory(Clock.systemUTC());
  private final Judge judge = new Judge(ledger);

  @Test
  void followsAConversationThatGoesOn() {
    // Given
    answered(Talk.of("go"), use("toolu_1", "ls"));
    answered(Talk.of("go").ran("sevt_1", "ls", "x"), new Part.Text("done"));
    // When
    var next = Talk.of("go").ran("sevt_1", "ls", "x").says("done").user("more").talk();
    // Then
    assertThatCode(() -> judge.check(next)).doesNotThrowAnyException();
  }

  @Test
  void letsTwoSessionsStartAlike() {
    // Given
    answered(Talk.of("go"), use("toolu_1", "date"));
    answered(Talk.of("go"), use("toolu_2", "date"));
    answered(Talk.of("go").ran("sevt_1", "date", "noon"), new Part.Text("a"));
    // When
    var other = Talk.of("go").ran("sevt_2", "date", "night").talk();
    // Then
    assertThatCode(() -> judge.check(other)).doesNotThrowAnyException();
  }

  @Test
  void refusesAResultThatChanged() {
    // Given
    answered(Talk.of("go"), use("toolu_1", "ls"));
    answered(Talk.of("go").ran("sevt_1", "ls", "x"), use("toolu_2", "pwd"));
    // When
    var changed = Talk.of("go").ran("sevt_1", "ls", "y").ran("sevt_2", "pwd", "/").talk();
    // Then
    assertFault(changed, FaultKind.CHANGED_HISTORY, "messages.2");
  }

  @Test
  void refusesIdsThatChanged() {
    // Given
    answered(Talk.of("go"), use("toolu_1", "ls"));
    answered(Talk.of("go").ran("toolu_1", "ls", "x"), use("toolu_2", "pwd"));
    // When
    var changed = Talk.of("go").ran("sevt_1", "ls", "x").ran("sevt_2", "pwd", "/").talk();
    // Then
    assertFault(changed, FaultKind.CHANGED_HISTORY, "messages.1");
  }

  @Test
  void refusesWordsTheModelNeverSaid() {
    // Given
    answered(Talk.of("go"), use("toolu_1", "ls"));
    // When
    var otherInput = Talk.of("go").ran("sevt_1", "rm", "x").talk();
    var otherOrder =
        Talk.of("go").says(use("sevt_1", "ls"), new Part.Text("so")).user(result("sevt_1", "x"));
    // Then
    assertFault(otherInput, FaultKind.INVENTED_ANSWER, "messages.1");
    assertFault(otherOrder.talk(), FaultKind.INVENTED_ANSWER, "messages.1");
  }

  @Test
  void refusesAnAnswerThatNeverCameToItsEnd() {
    // Given
    ledger.begin("req", "m", "t", prefix(Talk.of("go"), 1), prefix(Talk.of("go"), 1));
    // When
    var next = Talk.of("go").says("half an ans").user("what?").talk();
    // Then
    assertFault(next, FaultKind.INVENTED_ANSWER, "messages.1");
  }

  @Test
  void refusesALeftOutTurn() {
    // Given
    answered(Talk.of("go"), use("toolu_1", "ls"));
    answered(Talk.of("go").ran("sevt_1", "ls", "x"), use("toolu_2", "pwd"));
    answered(
        Talk.of("go").ran("sevt_1", "ls", "x").ran("sevt_2", "pwd", "/"), new Part.Text("done"));
    // When
    var shorter = Talk.of("go").ran("sevt_1", "ls", "x").says("done").user("more").talk();
    // Then
    assertFault(shorter, FaultKind.INVENTED_ANSWER, "messages.3");
  }

  @Test
  void takesAnUnknownConversationAsItComesAndHoldsItToThat() {
    // Given
    var moved = Talk.of("elsewhere").ran("sevt_1", "ls", "x").says("done").user("more");
    judge.check(moved.talk());
    ledger.begin("req", "m", "t", prefix(moved, 1), prefix(moved, 5));
    // When
    var changed = Talk.of("elsewhere").ran("sevt_1", "ls", "y").says("done").user("more");
    // Then
    assertThatCode(() -> judge.check(moved.talk())).doesNotThrowAnyException();
    assertFault(changed.talk(), FaultKind.CHANGED_HISTORY, "messages.2");
  }

  @Test
  void takesANewSystemPromptForANewConversation() {
    // Given
    answered(Talk.of("go"), use("toolu_1", "ls"));
    // When
    var updated = Talk.of("go").system("be quick").ran("sevt_1", "ls", "x").talk();
    // Then
    assertThatCode(() -> judge.check(updated)).doesNotThrowAnyException();
  }

  private void answered(Talk talk, Part... answer) {
    judge.check(talk.talk());
    var prefixes = Fingerprint.prefixes(talk.talk());
    var call = ledger.begin("req", "m", "t", prefixes.get(1), prefixes.getLast());
    ledger.say(call, Fingerprint.answer(List.of(answer)));
  }

  private static String prefix(Talk talk, int length) {
    return Fingerprint.prefixes(talk.talk()).get(length);
  }

  private void assertFault(Conversation talk, FaultKind kind, String place) {
    assertThatThrownBy(() -> judge.check(talk))
        .isInstanceOfSatisfying(
            FaultException.class, fault -> assertThat(fault.kind()).isEqualTo(kind))
        .hasMessageContaining(place);
  }
}
