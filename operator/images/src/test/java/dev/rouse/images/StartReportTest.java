package dev.rouse.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.images.StartReport.Figures;
import dev.rouse.images.StartTrial.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartReportTest {

  private static final Path PAGE = Path.of(System.getProperty("rouse.root"), "docs", "images.md");

  private static Start start(long ready, long processor) {
    return new Start(Duration.ofMillis(ready), Duration.ofMillis(processor));
  }

  @Test
  void aRowHoldsTheMediansOfItsStarts() {
    // Given
    Figures figures =
        new Figures(
            51_900_000,
            List.of(start(2_800, 810), start(9_000, 700), start(2_700, 900)),
            List.of(start(6_800, 1_900), start(6_700, 2_000), start(6_900, 1_800)));
    // When
    String table = StartReport.table(Map.of(Program.BRAIN, figures), 7.4);
    // Then
    assertThat(table)
        .contains("| brain | 51 MB | 2.8 s | 6.8 s | 0.8 s | 1.9 s |")
        .contains("cores that 7 processes wanted");
  }

  @Test
  void thePageHasAPlaceForTheTableAndKeepsTheRest() throws Exception {
    // Given
    String page = Files.readString(PAGE);
    // When
    String with = StartReport.withTable(page, "the table\n");
    // Then
    assertThat(with)
        .startsWith(page.substring(0, page.indexOf("<!-- starts -->")))
        .contains("<!-- starts -->\nthe table\n<!-- /starts -->")
        .endsWith(page.substring(page.indexOf("<!-- /starts -->")));
  }

  @Test
  void aPageWithoutAPlaceIsRefused() {
    assertThatThrownBy(() -> StartReport.withTable("# Images\n", "table"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("<!-- starts -->");
  }
}
