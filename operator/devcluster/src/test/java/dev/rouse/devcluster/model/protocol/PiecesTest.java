package dev.rouse.devcluster.model.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PiecesTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 383, 384, 385, 20_000})
  void thePiecesAreTheWholeWhateverTheLength(int length) {
    // Given
    String text = "😀a".repeat(length).substring(0, length - length % 3 + (length < 3 ? 2 : 0));
    // When
    List<String> pieces = Pieces.of(text);
    // Then
    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces)
        .hasSizeLessThanOrEqualTo(24)
        .allMatch(piece -> StandardCharsets.UTF_8.newEncoder().canEncode(piece));
  }
}
