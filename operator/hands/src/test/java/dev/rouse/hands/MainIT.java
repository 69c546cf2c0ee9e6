package dev.rouse.hands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the program ends when it cannot begin. */
class MainIT {

  private final Keys keys = Keys.make();

  @TempDir private Path directory;

  @Test
  void aMissingSettingEndsItWithASentence() throws Exception {
    // Given
    Map<String, String> environment = HandsProcess.environment(directory, keys);
    environment.remove("ROUSE_SESSION_UID");

    // When
    HandsProcess hands = HandsProcess.launch(directory, environment);

    // Then
    assertThat(hands.awaitExit()).isEqualTo(64);
    assertThat(hands.output()).startsWith("hands: ROUSE_SESSION_UID is not set").hasLineCount(1);
  }

  @Test
  void aDamagedJournalEndsItWithASentence() throws Exception {
    // Given
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain.awake(hands.address(), keys, 1).bash("a", "true");
    }
    Path journal = directory.resolve("journal/journal");
    byte[] bytes = Files.readAllBytes(journal);
    bytes[20] ^= 1;
    Files.write(journal, bytes);

    // When
    HandsProcess hands = HandsProcess.launch(directory, HandsProcess.environment(directory, keys));

    // Then
    assertThat(hands.awaitExit()).isEqualTo(74);
    assertThat(hands.output()).startsWith("hands: the journal is damaged at byte 0");
    assertThat(Files.readAllBytes(journal)).isEqualTo(bytes);
  }

  @Test
  void anAddressThatIsTakenEndsItWithASentence() throws Exception {
    // Given
    try (HandsProcess first = HandsProcess.start(directory.resolve("first"), keys)) {
      Map<String, String> environment = HandsProcess.environment(directory.resolve("second"), keys);
      environment.put("ROUSE_LISTEN", first.address().substring("http://".length()));

      // When
      HandsProcess second = HandsProcess.launch(directory.resolve("second"), environment);

      // Then
      assertThat(second.awaitExit()).isEqualTo(74);
      assertThat(second.output()).contains("ROUSE_LISTEN");
    }
  }
}
