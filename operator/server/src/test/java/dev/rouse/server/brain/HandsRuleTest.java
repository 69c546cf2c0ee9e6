package dev.rouse.server.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.HandsWanted;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HandsRuleTest {

  private static SessionStatus status(Integer wanted, Hands hands) {
    return new SessionStatus(
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        wanted == null ? null : new HandsWanted(wanted, "key"),
        null,
        hands,
        null,
        List.of());
  }

  private static Hands ready(int generation) {
    return new Hands(generation, "p", "u", "http://" + generation, null, null);
  }

  private static Hands gone(int generation) {
    return new Hands(generation, "p", "u", null, "ended", true);
  }

  static Stream<Arguments> table() {
    return Stream.of(
        Arguments.of("no status at all", null, 1),
        Arguments.of("nothing wanted yet", status(null, null), 1),
        Arguments.of("wanted, not made yet", status(1, null), null),
        Arguments.of("wanted and ready", status(1, ready(1)), null),
        Arguments.of("wanted and gone", status(1, gone(1)), 2),
        Arguments.of("the one before is gone, the new one starts", status(2, gone(1)), null),
        Arguments.of("the wish was lost, the hands are there", status(null, ready(3)), 4),
        Arguments.of("the wish was lost, the hands are gone", status(null, gone(3)), 4),
        Arguments.of("the wish fell behind", status(1, ready(3)), 4));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void risesWhenNoneIsWantedOrTheWantedIsGone(String name, SessionStatus status, Integer raised) {
    assertThat(HandsRule.raised(status).stream().boxed().findFirst().orElse(null))
        .isEqualTo(raised);
  }

  @Test
  void givesTheAddressOfTheWantedGenerationOnly() {
    assertThat(HandsRule.address(status(1, ready(1)))).contains("http://1");
    assertThat(HandsRule.address(status(2, ready(1)))).isEmpty();
    assertThat(HandsRule.address(status(null, ready(1)))).isEmpty();
    assertThat(HandsRule.address(status(1, gone(1)))).isEmpty();
    assertThat(HandsRule.address(null)).isEmpty();
  }
}
