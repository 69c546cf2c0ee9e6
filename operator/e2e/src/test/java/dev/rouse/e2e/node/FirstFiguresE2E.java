package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.bed.Figures;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import dev.rouse.e2e.bench.Figure;
import dev.rouse.e2e.cluster.ModelBooks;
import dev.rouse.e2e.evidence.Evidence.Persona;
import dev.rouse.e2e.node.AtWork.Moment;
import dev.rouse.e2e.node.AtWork.SecondCall;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** The times that everybody asks for first, one session after the other on a machine at rest. */
@ExtendWith(SharedBed.class)
@Order(10)
class FirstFiguresE2E {

  private static final int REPEATS = 10;

  /** The aim for a killed brain, with a new pod; the 95th of a hundred. */
  private static final double KILL_TO_NEXT_MILLIS = 5_000;

  private final Team team;

  FirstFiguresE2E(Release release) throws IOException {
    this.team = Team.create(release, "figures");
  }

  @Test
  void podsAreReadyAndTheModelIsAsked(TestReporter reporter) throws Exception {
    // Given
    List<Double> brains = new ArrayList<>();
    List<Double> hands = new ArrayList<>();
    List<Double> cold = new ArrayList<>();

    // When
    try (PodTimes times = PodTimes.watch(team);
        ApiClient api = team.api()) {
      for (int number = 0; number < REPEATS; number++) {
        PodSession session = team.work("cold-" + number, "figures/cold-" + number);
        session.awaitAnswer("Both pieces are done");
        session.awaitNoPods();
        brains.add(times.createToReady(session, "brain"));
        hands.add(times.createToReady(session, "hands"));
        Ack sent = api.send(session.uid(), "How many?");
        session.awaitAnswer("works.log has 2 lines.");
        session.awaitNoPods();
        cold.add(millis(sent.at(), firstCallAfter(sent, "figures/cold-" + number)));
      }
    }

    // Then
    Figures.publish(reporter, new Figure("brain: pod created → ready", "ms", brains));
    Figures.publish(
        reporter, new Figure("hands: pod created → ready (first one: volume, too)", "ms", hands));
    Figures.publish(
        reporter, new Figure("message acknowledged → model called, no pod before", "ms", cold));
    assertThat(cold).hasSize(REPEATS);
  }

  private Instant firstCallAfter(Ack sent, String firstMessage) {
    Persona worker = Persona.WORKER;
    return team.bed().model().books().calls(worker.model(), worker.system(), firstMessage).stream()
        .map(ModelBooks.Call::at)
        .filter(at -> at.isAfter(sent.at()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aKilledBrainIsReplaced(TestReporter reporter) throws Exception {
    // Given
    List<Double> woken = new ArrayList<>();
    List<Double> next = new ArrayList<>();

    // When
    for (int number = 0; number < REPEATS; number++) {
      AtWork work = AtWork.at(Moment.TOOL, team, "killed-" + number, "default");
      PodSession session = work.session();
      int before = session.log().size();
      PodContainer brain = session.brain();
      Instant killed = Instant.now();
      brain.kill();
      work.goOn();
      work.judge(SecondCall.DONE);
      List<LogRecord> after = session.log().subList(before, session.log().size());
      Instant woke = firstAfter(killed, after, true);
      woken.add(millis(killed, woke));
      next.add(millis(killed, firstAfter(woke, after, false)));
    }

    // Then
    Figures.publish(reporter, new Figure("kill -9 of a brain → the next one woke", "ms", woken));
    Figure figure = new Figure("kill -9 of a brain → next event", "ms", next);
    Figures.publish(reporter, figure);
    assertThat(figure.percentile(95)).isLessThan(KILL_TO_NEXT_MILLIS);
  }

  private static Instant firstAfter(Instant from, List<LogRecord> log, boolean wake) {
    return log.stream()
        .filter(record -> record.at().isAfter(from))
        .filter(record ->
            wake
                ? record.event() instanceof InternalEvent.Woken
                : !(record.event() instanceof InternalEvent))
        .findFirst()
        .orElseThrow()
        .at();
  }

  private static double millis(Instant from, Instant until) {
    return Duration.between(from, until).toNanos() / 1e6;
  }
}
