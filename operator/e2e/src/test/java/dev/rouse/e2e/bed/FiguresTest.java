package dev.rouse.e2e.bed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.bench.Figure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class FiguresTest {

  @Test
  void aFigureArrivesInTheReportAsItWasPublished() {
    // Given
    List<String> entries = new ArrayList<>();
    TestReporter reporter = map -> entries.addAll(map.values());
    Figure figure = new Figure("start", "ms", List.of(1.5, 2.0));

    // When
    Figures.publish(reporter, figure);

    // Then
    assertThat(entries).hasSize(1);
    assertThat(Figures.parse(entries.getFirst())).contains(figure);
  }

  @Test
  void otherEntriesAreNoFigures() {
    assertThat(Figures.parse("something else")).isEmpty();
  }
}
