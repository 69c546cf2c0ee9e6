package dev.rouse.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PageTest {

  private static final Page PAGE =
      new Page(
          """
          # A page

          ```sh
          first=1
          ```

          Words.

          <!-- by hand -->
          ```sh
          only-a-person-can
          ```

          ```console
          $ shown
          ```

          ```sh
          second=2
          ```
          """);

  @Test
  void blocks_of_a_language_are_taken_in_order_without_those_by_hand() {
    // When
    String script = PAGE.blocks("sh");

    // Then
    assertThat(script.lines().filter(line -> !line.isEmpty()))
        .containsExactly("first=1", "second=2");
  }

  @Test
  void a_page_without_what_is_looked_for_is_a_defect() {
    assertThatThrownBy(() -> PAGE.blocks("python"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("python");
    assertThatThrownBy(() -> PAGE.find("install (\\S+)")).isInstanceOf(AssertionError.class);
  }
}
