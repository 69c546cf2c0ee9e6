package dev.rouse.controller.condition;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {

  private enum Reason {
    One,
    Two
  }

  private static final String EARLIER = "2026-01-01T00:00:00Z";
  private static final String NOW = "2026-01-02T00:00:00Z";
  private final Conditions conditions =
      new Conditions(Clock.fixed(Instant.parse("2026-01-02T00:00:00.123Z"), ZoneOffset.UTC));

  @Test
  void anUnchangedStatusKeepsItsTime() {
    // Given
    List<Condition> before = List.of(condition("Ready", "False"));
    // When
    List<Condition> after =
        conditions.merge(before, List.of(Conditions.notReady(Reason.Two, "other words")), 2L);
    // Then
    assertThat(after)
        .singleElement()
        .satisfies(it -> {
          assertThat(it.getLastTransitionTime()).isEqualTo(EARLIER);
          assertThat(it.getReason()).isEqualTo("Two");
          assertThat(it.getMessage()).isEqualTo("other words");
          assertThat(it.getObservedGeneration()).isEqualTo(2);
        });
  }

  @Test
  void aChangedStatusHasTheTimeOfTheChange() {
    // Given
    List<Condition> before = List.of(condition("Ready", "False"));
    // When
    List<Condition> after =
        conditions.merge(before, List.of(Conditions.ready(Reason.One, "m")), 2L);
    // Then
    assertThat(after).singleElement().extracting(Condition::getLastTransitionTime).isEqualTo(NOW);
  }

  @Test
  void whatIsNotTrueAnyMoreIsNotThereAnyMore() {
    // Given
    List<Condition> before = List.of(condition("Ready", "False"), condition("Stalled", "True"));
    // When
    List<Condition> after =
        conditions.merge(before, List.of(Conditions.ready(Reason.One, "m")), 2L);
    // Then
    assertThat(after).extracting(Condition::getType).containsExactly("Ready");
  }

  @Test
  void conditionsOfTheServerAreNotOurs() {
    // Given
    List<Condition> all = List.of(condition("LogFull", "True"), condition("Ready", "True"));
    // When
    List<Condition> ours = Conditions.ours(all);
    // Then
    assertThat(ours).extracting(Condition::getType).containsExactly("Ready");
  }

  private static Condition condition(String type, String status) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason("One")
        .withMessage("m")
        .withLastTransitionTime(EARLIER)
        .build();
  }
}
