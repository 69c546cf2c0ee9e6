package dev.rouse.controller.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.controller.metrics.PodMeters.End;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodNotesTest {

  static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of(null, false, End.REMOVED),
        Arguments.of(PodViews.exited(0), false, End.DONE),
        Arguments.of(PodViews.exited(70), false, End.FAILED),
        Arguments.of(PodViews.exited(137, "exit code 137"), false, End.FAILED),
        Arguments.of(PodViews.exited(137, "exit code 137 (OOMKilled)"), false, End.OUT_OF_MEMORY),
        Arguments.of(PodViews.exited(null, "Failed (Evicted)"), false, End.EVICTED),
        Arguments.of(PodViews.exited(137, "exit code 137 (Evicted): disk"), false, End.EVICTED),
        Arguments.of(PodViews.disrupted(PodViews.exited(143)), false, End.EVICTED),
        Arguments.of(PodViews.removing(), false, End.REMOVED),
        Arguments.of(PodViews.unready(Duration.ofMinutes(3)), false, End.UNREADY),
        Arguments.of(PodViews.ready(), true, End.UNNEEDED));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void aPodEndsForOneReason(@Nullable PodView pod, boolean unneeded, End end) {
    // When
    End why = PodNotes.end(pod, unneeded);
    // Then
    assertThat(why).isEqualTo(end);
  }
}
