package dev.rouse.api.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.version.VersionDecision.Create;
import dev.rouse.api.version.VersionDecision.Reuse;
import dev.rouse.api.version.VersionDecision.Stored;
import dev.rouse.api.version.VersionDecision.Superseded;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VersionDecisionTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void decides(
      String name, List<Stored> stored, String system, long generation, int known, int created) {
    // When
    VersionDecision decision = VersionDecision.of(stored, Agents.spec(system), generation, known);
    // Then
    switch (decision) {
      case Create(int number) -> assertThat(number).isEqualTo(created);
      case Reuse(AgentVersion version) -> {
        assertThat(created).isNegative();
        assertThat(version.number()).isEqualTo(-created);
      }
      case Superseded(AgentVersion by) -> {
        assertThat(created).isLessThan(-1000);
        assertThat(by.number()).isEqualTo(-created - 1000);
      }
    }
  }

  /**
   * The last column: the number that is created; negated, the number that is used again; 1000 below
   * that, the number that is newer than the spec.
   */
  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("the first is 1", List.of(), "A", 1L, 0, 1),
        Arguments.of("no change, no version", List.of(at(1, "A", 1)), "A", 1L, 1, -1),
        Arguments.of("a change", List.of(at(1, "A", 1)), "B", 2L, 1, 2),
        Arguments.of("A to B to A is 3", List.of(at(2, "B", 2), at(1, "A", 1)), "A", 3L, 2, 3),
        Arguments.of("a gap is not filled", List.of(at(5, "B", 5), at(1, "A", 1)), "C", 6L, 5, 6),
        Arguments.of("10 is above 9", List.of(at(9, "A", 9), at(10, "B", 10)), "B", 10L, 10, -10),
        Arguments.of("all removed: the status remembers", List.of(), "A", 4L, 3, 4),
        Arguments.of("the last removed", List.of(at(2, "A", 2)), "A", 4L, 3, 4),
        Arguments.of("a cache that lags", List.of(at(2, "B", 2)), "A", 1L, 1, -1002),
        Arguments.of("lags, equal all the same", List.of(at(2, "B", 2)), "B", 1L, 1, -2),
        Arguments.of("lags behind a removed one", List.of(at(2, "A", 2)), "A", 1L, 3, -1002),
        Arguments.of("generation unknown", List.of(at(2, "B", 0)), "A", 0L, 2, 3));
  }

  private static Stored at(int number, String system, long generation) {
    return new Stored(new AgentVersion(number, Agents.spec(system)), generation);
  }
}
