package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.LogChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HintsTest {

  @Test
  void whatOneSaysTheOthersHear() {
    // Given
    List<LogChange> changes =
        List.of(
            new LogChange("team-a", "uid-1", 12, false),
            new LogChange("team \"ö\"", "u", -1, true));
    // When
    List<String> payloads = Hints.payloads("me", changes);
    // Then
    assertThat(payloads).hasSize(1);
    assertThat(Hints.parse(payloads.getFirst())).contains(new Hints("me", changes));
  }

  @Test
  void manyChangesAreAFewPayloadsThatPostgresTakes() {
    // Given
    List<LogChange> changes = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      changes.add(new LogChange("namespace-ö-" + i, "uid-" + i, i, false));
    }
    // When
    List<String> payloads = Hints.payloads("me", changes);
    // Then
    assertThat(payloads)
        .hasSizeBetween(2, 20)
        .allSatisfy(it -> assertThat(it.getBytes(StandardCharsets.UTF_8).length).isLessThan(8000));
    assertThat(
            payloads.stream()
                .map(Hints::parse)
                .flatMap(Optional::stream)
                .flatMap(it -> it.changes().stream()))
        .isEqualTo(changes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "{\"logs\":[[1,2,3]]}", "{\"logs\":[[\"a\",\"b\"]]}", "{\"logs\":[7]}"})
  void whatIsNotOursIsNone(String payload) {
    assertThat(Hints.parse(payload)).isEmpty();
  }
}
