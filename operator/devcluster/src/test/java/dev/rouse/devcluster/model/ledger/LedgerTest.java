package dev.rouse.devcluster.model.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.devcluster.model.ledger.Call.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T10:00:00.123456Z"), ZoneOffset.UTC);

  @TempDir private Path directory;

  @Test
  void countsAttemptsAtTheSameRequestOfTheSameTurn() {
    // Given
    var ledger = Ledger.inMemory(CLOCK);
    // When
    int first = ledger.begin("r1", "m", "t", "c", "q").attempt();
    int second = ledger.begin("r2", "m", "t", "c", "q").attempt();
    int otherRequest = ledger.begin("r3", "m", "t", "c", "q2").attempt();
    int otherTurn = ledger.begin("r4", "m", "t2", "c", "q").attempt();
    // Then
    assertThat(new int[] {first, second, otherRequest, otherTurn}).containsExactly(1, 2, 1, 1);
    assertThat(ledger.calls()).extracting(Call::number).containsExactly(1, 2, 3, 4);
  }

  @Test
  void onlyTheFirstEndingCounts() {
    // Given
    var ledger = Ledger.inMemory(CLOCK);
    var call = ledger.begin("r1", "m", "t", "c", "q");
    // When
    ledger.end(call, Outcome.CUT);
    ledger.end(call, Outcome.ABANDONED);
    // Then
    assertThat(ledger.calls()).extracting(Call::outcome).containsExactly(Outcome.CUT);
    assertThat(ledger.calls().getFirst().ended()).isEqualTo(CLOCK.instant());
  }

  @Test
  void goesOnFromItsFile() throws IOException {
    // Given
    Path file = directory.resolve("record");
    try (var before = Ledger.recordedIn(file, CLOCK)) {
      var call = before.begin("r1", "m", "t", "c", "q");
      before.say(call, "a");
      before.end(call, Outcome.ANSWERED);
      before.begin("r2", "m", "t", "c", "q");
      before.adopt("p", "b");
      before.fault("r3", "m", "empty_content", "messages.0: no");
    }
    // When
    try (var after = Ledger.recordedIn(file, CLOCK)) {
      // Then
      assertThat(after.calls())
          .extracting(Call::outcome)
          .containsExactly(Outcome.ANSWERED, Outcome.RUNNING);
      assertThat(after.faults())
          .containsExactly(
              new Fault(CLOCK.instant(), "r3", "m", "empty_content", "messages.0: no"));
      assertThat(after.wasAsked("q") && after.wasAsked("c") && after.wasAsked("p")).isTrue();
      assertThat(after.wasSaid("q", "a") && after.wasSaid("p", "b")).isTrue();
      assertThat(after.wasSaid("q", "b")).isFalse();
      assertThat(after.begin("r4", "m", "t", "c", "q").attempt()).isEqualTo(3);
    }
  }

  @Test
  void survivesALineTornByItsDeath() throws IOException {
    // Given
    Path file = directory.resolve("record");
    try (var before = Ledger.recordedIn(file, CLOCK)) {
      before.begin("r1", "m", "t", "c", "q");
    }
    Files.writeString(file, "{\"entry\":\"sa", StandardOpenOption.APPEND);
    try (var torn = Ledger.recordedIn(file, CLOCK)) {
      torn.begin("r2", "m", "t", "c", "q");
    }
    // When
    try (var after = Ledger.recordedIn(file, CLOCK)) {
      // Then
      assertThat(after.calls()).extracting(Call::requestId).containsExactly("r1", "r2");
    }
  }
}
