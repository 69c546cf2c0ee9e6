package dev.rouse.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.api.AgentSpec;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How long an agent's texts may be, and how many labels it may have. */
class AgentLimitsTest {

  /** A body with a place for a text, the most characters that fit, and what is said of one more. */
  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("{'name': '%s', 'model': 'm'}", 256, "name: must have 1 to 256 "),
        Arguments.of("{'name': 'a', 'model': '%s'}", 256, "model: must have 1 to 256 "),
        Arguments.of("{'name': 'a', 'model': {'id': '%s'}}", 256, "model.id: must have 1 to 256 "),
        Arguments.of(agent("'description': '%s'"), 2048, "description: must have 0 to 2048 "),
        Arguments.of(agent("'system': '%s'"), 100_000, "system: must have 0 to 100000 "),
        Arguments.of(agent("'metadata': {'k': '%s'}"), 512, "metadata.k: must have 0 to 512 "),
        Arguments.of(
            agent("'metadata': {'%s': ''}"),
            64,
            "metadata." + "x".repeat(64) + "…: a key may have at most 64 "));
  }

  private static String agent(String more) {
    return "{'name': 'a', 'model': 'm', " + more + "}";
  }

  @Tag("contract-agent-limits")
  @ParameterizedTest(name = "{2}")
  @MethodSource("texts")
  void theLongestTextIsTakenAndALongerOneIsNot(String body, int most, String message)
      throws Exception {
    // Given
    String longest = "x".repeat(most);
    // When
    AgentSpec spec = AgentWire.create(AgentWireTest.body(body.formatted(longest)));
    // Then
    assertThat(AgentWire.write(spec, "object").toString()).contains('"' + longest + '"');
    assertThatThrownBy(() -> AgentWire.create(AgentWireTest.body(body.formatted(longest + "x"))))
        .isInstanceOf(InvalidBody.class)
        .hasMessageStartingWith(message);
  }

  @Tag("contract-agent-limits")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'name': '', 'model': 'm'}         | name: must have 1 to 256 characters, has 0
          {'name': 'a', 'model': ''}         | model: must have 1 to 256 characters, has 0
          {'name': 'a', 'model': {'id': ''}} | model.id: must have 1 to 256 characters, has 0
          """)
  void anEmptyNameIsNone(String body, String message) {
    assertThatThrownBy(() -> AgentWire.create(AgentWireTest.body(body)))
        .isInstanceOf(InvalidBody.class)
        .hasMessageStartingWith(message);
  }

  @Tag("contract-agent-limits")
  @Test
  void sixteenLabelsAreTakenAndAnotherIsNot() throws Exception {
    // When
    AgentSpec spec = AgentWire.create(AgentWireTest.body(labels(16)));
    // Then
    assertThat(spec.metadata()).hasSize(16);
    assertThatThrownBy(() -> AgentWire.create(AgentWireTest.body(labels(17))))
        .isInstanceOf(InvalidBody.class)
        .hasMessageStartingWith("metadata: may have at most 16 pairs, has 17");
  }

  private static String labels(int count) {
    return agent(
        IntStream.range(0, count)
            .mapToObj(i -> "'k" + i + "': 'v'")
            .collect(Collectors.joining(", ", "'metadata': {", "}")));
  }
}
