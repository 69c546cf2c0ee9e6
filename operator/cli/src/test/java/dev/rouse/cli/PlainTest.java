package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTest {

  @Test
  void what_steers_a_terminal_is_written_out() {
    // When
    String plain = Plain.of("rm -r /\r\u001b[2K\u009becho hi\u202e\u2066\u0007");
    // Then
    assertThat(plain).isEqualTo("rm -r /\\u000d\\u001b[2K\\u009becho hi\\u202e\\u2066\\u0007");
  }

  @Test
  void letters_line_breaks_and_tabs_stay() {
    // When
    String plain = Plain.of("Größe:\t5\n日本語 ✓");
    // Then
    assertThat(plain).isEqualTo("Größe:\t5\n日本語 ✓");
  }
}
