package dev.rouse.e2e.node;

import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import dev.rouse.e2e.node.AtWork.Moment;
import dev.rouse.e2e.node.AtWork.SecondCall;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All processes of operator or server die at once, while a session works. */
@ExtendWith(SharedBed.class)
@Order(30)
class ProgramsE2E {

  private final Release release;
  private final Team team;

  ProgramsE2E(Release release) throws IOException {
    this.release = release;
    this.team = Team.create(release, "programs");
  }

  static Stream<Arguments> cases() {
    return Stream.of("server", "operator")
        .flatMap(part -> Stream.of(Moment.values()).map(moment -> Arguments.of(part, moment)));
  }

  @ParameterizedTest(name = "kill -9 of every {0} while {1}")
  @MethodSource("cases")
  void nothingIsLostAndNothingIsDoneTwice(String part, Moment moment) throws Exception {
    // Given
    String name = part + "-" + moment.name().toLowerCase(Locale.ROOT);
    AtWork work = AtWork.at(moment, team, name, "default");
    ReleasePods pods = new ReleasePods(release, part);

    // When
    for (PodContainer container : pods.running()) {
      container.kill();
    }
    work.tellMore();
    work.goOn();

    // Then
    work.judge(SecondCall.DONE);
    pods.awaitReady();
  }
}
