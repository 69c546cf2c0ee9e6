package dev.rouse.controller.condition;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the operator's conditions. {@link #READY} is always there; {@link #RECONCILING} and {@link
 * #STALLED} only while true, as kstatus reads them.
 */
public final class Conditions {

  /** True: as it should be. Always present. */
  public static final String READY = "Ready";

  /** True: something is being waited for and comes by itself. Absent otherwise. */
  public static final String RECONCILING = "Reconciling";

  /** True: a person must change something. Absent otherwise. */
  public static final String STALLED = "Stalled";

  private static final List<String> OURS = List.of(READY, RECONCILING, STALLED);

  private final Clock clock;

  public Conditions(Clock clock) {
    this.clock = clock;
  }

  /**
   * What a condition says, before it has a time.
   *
   * @param status {@code True}, {@code False} or {@code Unknown}
   * @param reason for machines, an enum constant
   * @param message for people
   */
  public record Statement(String type, String status, Enum<?> reason, String message) {}

  public static Statement ready(Enum<?> reason, String message) {
    return new Statement(READY, "True", reason, message);
  }

  public static Statement notReady(Enum<?> reason, String message) {
    return new Statement(READY, "False", reason, message);
  }

  public static Statement reconciling(Enum<?> reason, String message) {
    return new Statement(RECONCILING, "True", reason, message);
  }

  public static Statement stalled(Enum<?> reason, String message) {
    return new Statement(STALLED, "True", reason, message);
  }

  /**
   * The operator's conditions: one that says what it said keeps its time, or nothing would ever
   * come to rest.
   *
   * @param previous all conditions as read, those of others included
   * @param generation of the spec that the statements speak of
   */
  public List<Condition> merge(
      List<Condition> previous, List<Statement> statements, @Nullable Long generation) {
    return statements.stream().map(it -> condition(previous, it, generation)).toList();
  }

  /** Those of {@code conditions} that the operator writes. */
  public static List<Condition> ours(List<Condition> conditions) {
    return conditions.stream().filter(it -> OURS.contains(it.getType())).toList();
  }

  private Condition condition(
      List<Condition> previous, Statement statement, @Nullable Long generation) {
    String since =
        previous.stream()
            .filter(it -> it.getType().equals(statement.type()))
            .filter(it -> Objects.equals(it.getStatus(), statement.status()))
            .findFirst()
            .map(Condition::getLastTransitionTime)
            .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    return new ConditionBuilder()
        .withType(statement.type())
        .withStatus(statement.status())
        .withReason(statement.reason().name())
        .withMessage(statement.message())
        .withObservedGeneration(generation)
        .withLastTransitionTime(since)
        .build();
  }
}
