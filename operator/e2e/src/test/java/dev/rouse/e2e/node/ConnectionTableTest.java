package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionTableTest {

  @TempDir private Path directory;

  @Test
  void theTableBetweenTheMarksIsRead() throws IOException {
    // Given
    Path page =
        Files.writeString(
            directory.resolve("page.md"),
            """
            | another | table |
            |---|---|
            | a | b |
            <!-- connections -->
            | from \\ to | server | cluster DNS |
            |---|---|---|
            | brain | open | open |
            | hands limited | closed | closed |
            <!-- /connections -->
            """);

    // When
    ConnectionTable table = ConnectionTable.of(page);

    // Then
    assertThat(table.rows())
        .isEqualTo(
            Map.of(
                "brain", Map.of("server", "open", "cluster DNS", "open"),
                "hands limited", Map.of("server", "closed", "cluster DNS", "closed")));
  }

  @Test
  void aPageWithoutATableIsRefusedByName() throws IOException {
    // Given
    Path page = Files.writeString(directory.resolve("page.md"), "nothing\n");

    // When, Then
    assertThatThrownBy(() -> ConnectionTable.of(page))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("page.md");
  }
}
