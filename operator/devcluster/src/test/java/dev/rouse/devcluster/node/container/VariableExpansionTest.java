package dev.rouse.devcluster.node.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariableExpansionTest {

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "$(A), one",
    "x$(A)y$(B)z, xoneytwo (2)z",
    "$(UNKNOWN), $(UNKNOWN)",
    "$$(A), $(A)",
    "$$$(A), $one",
    "$A, $A",
    "$(A, $(A",
    "$, $",
    "a$$b, a$b",
    "$(), $()"
  })
  void expandsAsKubernetesDoes(String text, String expected) {
    // Given
    VariableExpansion expansion = new VariableExpansion(Map.of("A", "one", "B", "two (2)"));

    // When
    String expanded = expansion.expand(text);

    // Then
    assertThat(expanded).isEqualTo(expected);
  }
}
