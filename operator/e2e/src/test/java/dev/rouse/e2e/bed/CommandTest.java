package dev.rouse.e2e.bed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTest {

  @Test
  void whatItReadsAndIsToldComesThrough() throws Exception {
    // When
    String output =
        Command.of("sh", "-c", "cat; echo $ROUSE_X")
            .reading("in ")
            .with(Map.of("ROUSE_X", "told"))
            .run();

    // Then
    assertThat(output).isEqualTo("in told\n");
  }

  @Test
  void aFailureSaysWhatTheCommandSaid() {
    assertThatThrownBy(() -> Command.of("sh", "-c", "echo no way >&2; exit 3").run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with 3")
        .hasMessageContaining("no way");
  }

  @Test
  void whatDoesNotEndIsEnded() {
    assertThatThrownBy(() -> Command.of("sleep", "60").within(Duration.ofMillis(200)).run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not end");
  }
}
